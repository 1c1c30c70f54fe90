#include "server/config/near_name.h"

#include <gtest/gtest.h>

namespace lamina::server {
namespace {

constexpr std::string_view kKnown[] = {"name", "nireq", "batch_size", "plugin_config"};

TEST(NearNameTest, FindsWhatWasMeant) {
  EXPECT_EQ(NearName("nirek", kKnown), "nireq");
  EXPECT_EQ(NearName("batchsize", kKnown), "batch_size");
  EXPECT_EQ(NearName("pluginconfig", kKnown), "plugin_config");
  EXPECT_EQ(NearName("nmae", kKnown), "name");
  EXPECT_EQ(NearName("NIREQ", kKnown), "nireq");
  EXPECT_EQ(NearName("nose", kKnown), "") << "two changes in four letters are another word";
  EXPECT_EQ(NearName("temperature", kKnown), "");
}

TEST(NearNameTest, HintIsASentencePart) {
  EXPECT_EQ(NearNameHint("nirek", kKnown), "did you mean 'nireq'?");
  EXPECT_EQ(NearNameHint("temperature", kKnown), "known are: name, nireq, batch_size, plugin_config");
}

}  // namespace
}  // namespace lamina::server
