#include "server/extensions/private_copy.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace lamina::server {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(PrivateCopyTest, IsWhatTheFileWas) {
  const std::string file = ::testing::TempDir() + "private_copy_test.so";
  fs::copy_file(LAMINA_TEST_NO_ENTRY, file, fs::copy_options::overwrite_existing);
  const auto copy = PrivateCopy::Of(file);
  ASSERT_NE(copy, nullptr);
  std::ofstream(file) << "another one";
  const auto another = PrivateCopy::Of(file);
  ASSERT_NE(another, nullptr);
  fs::remove(file);
  EXPECT_NE(copy->path(), another->path());
  EXPECT_EQ(TextOf(copy->path()), TextOf(LAMINA_TEST_NO_ENTRY));
  EXPECT_EQ(TextOf(another->path()), "another one");
  EXPECT_EQ(PrivateCopy::Of("/no/such/library.so"), nullptr);
}

TEST(PrivateCopyTest, ItsPathIsNotUsedAgainWhileItIsLoaded) {
  auto copy = PrivateCopy::Of(LAMINA_TEST_NO_ENTRY);
  ASSERT_NE(copy, nullptr);
  const std::string path = copy->path();
  void* loaded = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(loaded, nullptr) << dlerror();
  copy.reset();
  EXPECT_NE(PrivateCopy::Of(LAMINA_TEST_OLD_ABI)->path(), path);
  dlclose(loaded);
}

}  // namespace
}  // namespace lamina::server
