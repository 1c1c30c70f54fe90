#include "server/extensions/extension_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/log_text.h"
#include "server/extensions/default_places.h"

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kThrows = LAMINA_TEST_THROWS, kOldAbi = LAMINA_TEST_OLD_ABI, kNoEntry = LAMINA_TEST_NO_ENTRY;

absl::Status Fine(const ExtensionLibrary&, const std::string&) { return absl::OkStatus(); }

ModelConfig Model(std::vector<std::string> libraries = {}) {
  ModelConfig model;
  model.cpu_extensions = std::move(libraries);
  return model;
}

ExtensionSet SetOf(std::vector<std::string> libraries, const TryLibrary& try_library = Fine) {
  return ExtensionStore({.libraries = std::move(libraries), .program_dir = "/nowhere/bin"}, {}, try_library)
      .For(Model());
}

TEST(DefaultPlacesTest, TheFirstThatExistsWins) {
  std::set<std::string> files;
  const FileExists exists = [&](const std::string& path) { return files.count(path) > 0; };
  EXPECT_EQ(FindDefaultLibrary(exists), std::nullopt);
  files.insert("/opt/intel/openvino/deployment_tools/inference_engine/lib/intel64/libcpu_extension_avx2.so");
  EXPECT_EQ(FindDefaultLibrary(exists), *files.begin());
  files.insert("/usr/lib64/libcpu_extension.so");
  EXPECT_EQ(FindDefaultLibrary(exists), "/usr/lib64/libcpu_extension.so");
  files.insert("/usr/local/lib/libcpu_extension.so");
  EXPECT_EQ(FindDefaultLibrary(exists), "/usr/local/lib/libcpu_extension.so");
  EXPECT_EQ(BuiltInLibrary("/usr/bin"), "/usr/lib/libcpu_extension.so");
}

TEST(ExtensionStoreTest, GoodLibrariesAreGivenToModelsInTheirOrder) {
  const ExtensionStore store({.libraries = {{kThrows}}, .program_dir = "/nowhere/bin"}, {Model({kThrows})}, Fine);
  const ExtensionSet set = store.For(Model({kThrows}));
  ASSERT_THAT(set.libraries, SizeIs(1)) << "each once";
  EXPECT_EQ(set.libraries[0]->path, kThrows);
  EXPECT_NE(set.libraries[0]->loadable_path, kThrows) << "under a name of its own";
  EXPECT_TRUE(set.libraries[0]->manifest.is_native());
  EXPECT_THAT(set.problems, IsEmpty());
}

TEST(ExtensionStoreTest, ALibraryOfOneModelIsNoneOfTheOthers) {
  const ExtensionStore store({.libraries = {{}}, .program_dir = "/nowhere/bin"}, {Model({kThrows}), Model()}, Fine);
  EXPECT_THAT(store.For(Model({kThrows})).libraries, SizeIs(1));
  EXPECT_THAT(store.For(Model()).libraries, IsEmpty());
}

TEST(ExtensionStoreTest, EachBadLibraryHasItsSentence) {
  const std::string text = ::testing::TempDir() + "text.so";
  std::ofstream(text) << "this is no library";
  const struct {
    std::string path;
    const char* told;
  } kCases[] = {
      {"/no/such/library.so", "/no/such/library.so"},
      {::testing::TempDir(), "director"},
      {text, "ELF"},
      {kNoEntry, "exports neither"},
      {kOldAbi, "2019"},
  };
  for (const auto& c : kCases) {
    const ExtensionSet set = SetOf({c.path, kThrows});
    EXPECT_THAT(set.problems, ElementsAre(AllOf(HasSubstr(c.path), HasSubstr(c.told))));
    EXPECT_THAT(set.libraries, SizeIs(1)) << "the good one is there all the same";
  }
}

TEST(ExtensionStoreTest, WhatTheTrialSaysIsAProblem) {
  const ExtensionSet set = SetOf({kThrows}, [](const ExtensionLibrary& library, const std::string&) {
    return absl::FailedPreconditionError(library.path + " does not load");
  });
  EXPECT_THAT(set.problems, ElementsAre(kThrows + " does not load"));
  EXPECT_THAT(set.libraries, IsEmpty());
}

TEST(ExtensionStoreTest, ALibraryThatCameLaterIsAProblemAndToldOnce) {
  const ExtensionStore store({.libraries = {{}}, .program_dir = "/nowhere/bin"}, {}, Fine);
  const testing::LogText log;
  const std::string late = absl::StrCat("extension library: ", kThrows,
                                        ", a native OpenVINO extension, was not named when the server started, which "
                                        "is when libraries are tried; start it again");
  for (int i = 0; i < 3; ++i) {
    const ExtensionSet set = store.For(Model({kThrows}));
    EXPECT_THAT(set.problems, ElementsAre(late));
    EXPECT_THAT(set.libraries, IsEmpty());
  }
  EXPECT_EQ(log.text(), absl::StrCat("E ", late, " (models that do not need it are served)\n"));
}

TEST(ExtensionStoreTest, WhatIsWrongWithALibraryThatCameLaterIsToldAgainWhenItChanges) {
  const ExtensionStore store({.libraries = {{}}, .program_dir = "/nowhere/bin"}, {}, Fine);
  const testing::LogText log;
  const std::string path = ::testing::TempDir() + "late.so";
  std::filesystem::remove(path);
  const auto look = [&] { (void)store.For(Model({path})); };
  look();
  EXPECT_THAT(log.text(), HasSubstr("No such file"));
  std::filesystem::copy_file(kNoEntry, path);
  look();
  look();
  EXPECT_THAT(log.text(), HasSubstr("exports neither"));
  std::filesystem::remove(path);
  look();
  const std::string text = log.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
}

}  // namespace
}  // namespace lamina::server
