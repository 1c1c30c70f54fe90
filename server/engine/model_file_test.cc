#include "server/engine/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/status/status.h"

namespace lamina::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ModelFileTest : public testing::Test {
 protected:
  ModelFileTest() { fs::create_directories(folder_); }
  ~ModelFileTest() override { fs::remove_all(folder_); }

  void Put(const fs::path& name) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << "x";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("model_file_test." + std::to_string(getpid()));
};

TEST_F(ModelFileTest, FindsEveryFormat) {
  const struct {
    const char* file;
    const char* found;  // below the folder; "" is the folder itself
    const char* platform;
  } kCases[] = {
      {"m.xml", "m.xml", "openvino"},
      {"net.onnx", "net.onnx", "onnx"},
      {"saved_model.pb", "", "tensorflow"},
      {"frozen.pb", "frozen.pb", "tensorflow"},
      {"m.saved_model/saved_model.pb", "m.saved_model", "tensorflow"},
      {"m.pdmodel", "m.pdmodel", "paddle"},
      {"m.tflite", "m.tflite", "tflite"},
  };
  for (const auto& c : kCases) {
    fs::remove_all(folder_);
    Put(c.file);
    Put("readme.txt");
    const auto model = FindModelFile(folder_);
    ASSERT_TRUE(model.ok()) << c.file << ": " << model.status();
    EXPECT_EQ(model->path, *c.found ? folder_ / c.found : folder_);
    EXPECT_EQ(model->platform, c.platform);
  }
}

TEST_F(ModelFileTest, TakesAFile) {
  Put("net.onnx");
  const auto model = FindModelFile(folder_ / "net.onnx");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->platform, "onnx");
}

TEST_F(ModelFileTest, SaysWhatIsWrong) {
  const auto message = [&](const fs::path& path) { return std::string(FindModelFile(path).status().message()); };
  EXPECT_THAT(message(folder_), HasSubstr("no model in the folder"));
  Put("7/net.onnx");
  EXPECT_THAT(message(folder_), HasSubstr("but folders of versions; name one of them, " + (folder_ / "7").string()));
  EXPECT_THAT(message(folder_ / "gone"), HasSubstr("there is no"));
  Put("a.onnx");
  Put("b.onnx");
  EXPECT_THAT(message(folder_), HasSubstr("holds 2 models"));
  Put("notes.txt");
  EXPECT_THAT(message(folder_ / "notes.txt"), HasSubstr("is not a model file"));
  EXPECT_THAT(message("/dev/zero"), HasSubstr("is not a model file"));
}

TEST_F(ModelFileTest, WhatHasNoEndIsNotOpened) {
  for (const auto& [model, endless] : {std::pair("net.onnx", "net.onnx"),
                                       {"net.xml", "net.xml"},
                                       {"net.xml", "net.bin"},
                                       {"net.pdmodel", "net.pdiparams"},
                                       {"saved_model.pb", "variables/variables.index"}}) {
    fs::remove_all(folder_);
    Put(model);
    fs::remove(folder_ / endless);
    fs::create_directories((folder_ / endless).parent_path());
    const bool is_pipe = fs::path(endless).extension() != ".bin";
    if (is_pipe) {
      ASSERT_EQ(mkfifo((folder_ / endless).c_str(), 0600), 0);
    } else {
      fs::create_symlink("/dev/zero", folder_ / endless);
    }
    const std::string sentence = (folder_ / endless).string() + (is_pipe ? " is a pipe" : " is a device") +
                                 ", expected a regular file; put one there";
    EXPECT_EQ(std::string(FindModelFile(folder_).status().message()), sentence);
  }
}

}  // namespace
}  // namespace lamina::server
