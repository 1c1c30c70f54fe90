#include "server/models/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "server/api/log_text.h"
#include "server/engine/testing.h"

namespace lamina::server {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Serving(const std::string& model, const std::string& more = "") {
  return R"({"model_config_list": [{"config": {"base_path": "/m", "name": ")" + model + "\"" + more + "}}]}";
}

/// A file that is looked at once a second, and what the log says of it.
class ConfigFileTest : public ::testing::Test {
 protected:
  void Write(const std::string& text) { folder_.Write("config.json", text); }
  void Remove() { std::filesystem::remove(path_); }

  /// The names of the models of a text that is new, and the log's lines since the look before.
  std::string Look() {
    now_ += seconds(1);
    std::string names;
    const auto models = file_.ReadIfChanged(now_);
    if (!models) names = "-";
    for (const auto& [name, model] : models.value_or(ConfigFile::Models())) names += name;
    return names + "\n" + Logged();
  }
  ConfigFile Served() {
    Write(Serving("a"));
    return ConfigFile(path_, ModelConfig(), seconds(1));
  }
  std::string Logged() {
    const std::string all = log_.text();
    const std::string since = all.substr(told_);
    told_ = all.size();
    return since;
  }

  const testing::LogText log_;
  testing::TemporaryFolder folder_;
  const std::string path_ = (folder_.path() / "config.json").string();
  ConfigFile file_ = Served();
  ConfigFile::Clock::time_point now_;
  size_t told_ = 0;
};

TEST_F(ConfigFileTest, ANewTextIsReadOnce) {
  EXPECT_EQ(Look(), "-\n") << "it is known";
  Write(Serving("b"));
  EXPECT_EQ(Look(), "b\nI " + path_ + " has changed\n");
  EXPECT_EQ(Look(), "-\n");
  EXPECT_EQ(file_.Read()->count("b"), 1u) << "at once, in any case";
  EXPECT_EQ(Logged(), "");
}

TEST_F(ConfigFileTest, AFileThatIsGoneOrEmptyIsToldOnceAndThatItIsBack) {
  Remove();
  EXPECT_EQ(Look(), "-\n") << "it may be about to be replaced";
  EXPECT_EQ(Look(), "-\nE " + path_ +
                        ": cannot be read: No such file or directory; give the path of a config.json; nothing is "
                        "changed\n");
  EXPECT_EQ(Look(), "-\n");
  Write("");
  EXPECT_EQ(Look(), "-\n");
  EXPECT_THAT(Look(), AllOf(StartsWith("-\nE " + path_ + " is empty; write {"), EndsWith("; nothing is changed\n")));
  EXPECT_EQ(Look(), "-\n");
  Write(Serving("a"));
  EXPECT_EQ(Look(), "-\nI " + path_ + " can be read again\n") << "what clients changed meanwhile stays";
  EXPECT_EQ(Look(), "-\n");
}

TEST_F(ConfigFileTest, AFileThatIsReplacedIsNotTold) {
  Remove();
  EXPECT_EQ(Look(), "-\n");
  Write("");
  EXPECT_EQ(Look(), "-\n");
  Write(Serving("a"));
  EXPECT_EQ(Look(), "-\n");
}

TEST_F(ConfigFileTest, EachTextWithAProblemIsToldAndThatItIsMended) {
  Write("{");
  EXPECT_THAT(Look(), AllOf(HasSubstr("E " + path_ + ": not valid JSON: "), EndsWith("; nothing is changed\n")));
  EXPECT_EQ(Look(), "-\n");
  for (const char* model : {"a", "b"}) {
    Write(Serving(model, R"(, "nirek": 1)"));
    EXPECT_THAT(Look(), HasSubstr("did you mean 'nireq'?; nothing is changed")) << "the same problem in another text";
  }
  Write(Serving("a"));
  EXPECT_EQ(Look(), "a\nI " + path_ + " has changed\nI " + path_ + " can be read again\n");
}

TEST_F(ConfigFileTest, AProblemThatComesBackIsToldAgain) {
  Write("{");
  Look();
  Remove();
  Look();
  EXPECT_THAT(Look(), HasSubstr("cannot be read"));
  Write("{");
  EXPECT_THAT(Look(), HasSubstr("not valid JSON"));
}

TEST_F(ConfigFileTest, WhatAClientIsToldTheLogIsToldToo) {
  Write("{");
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(absl::IsInvalidArgument(file_.Read().status()));
  EXPECT_THAT(Logged(), AllOf(StartsWith("E " + path_ + ": not valid JSON"), HasSubstr("nothing is changed\n")));
  EXPECT_EQ(Look(), "-\n") << "known by now";
  Remove();
  const absl::Status gone = file_.Read().status();
  EXPECT_TRUE(absl::IsNotFound(gone));
  EXPECT_EQ(Logged(), "E " + std::string(gone.message()) + "\n");
  EXPECT_EQ(Look() + Look(), "-\n-\n");
}

}  // namespace
}  // namespace lamina::server
