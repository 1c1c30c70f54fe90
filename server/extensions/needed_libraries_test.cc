#include "server/extensions/needed_libraries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lamina::server {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NeededLibrariesTest, AreThoseThatItFindsFromItsOwnFolder) {
  const fs::path folder = fs::canonical(::testing::TempDir()) / "needed_libraries_test";
  fs::create_directories(folder / "bin");
  fs::create_directories(folder / "lib");
  for (const char* file : {"bin/a.so", "bin/beside.so", "lib/beside.so", "lib/far.so"}) std::ofstream(folder / file);
  fs::create_directory_symlink(folder / "bin", folder / "link");
  loader::Manifest manifest;
  manifest.needed = {"far.so", "libc.so.6", "beside.so"};
  manifest.run_path = "/usr/lib:$ORIGIN:${ORIGIN}/../lib";
  const std::string library = (folder / "link/a.so").string(), bin = (folder / "bin").string();
  EXPECT_THAT(NeededFromItsFolder(library, manifest), ElementsAre(bin + "/../lib/far.so", bin + "/beside.so"));
  manifest.run_path = "/usr/lib:" + bin;
  EXPECT_THAT(NeededFromItsFolder(library, manifest), IsEmpty()) << "the dynamic loader finds those by itself";
  EXPECT_THAT(NeededFromItsFolder("/no/such.so", manifest), IsEmpty());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lamina::server
