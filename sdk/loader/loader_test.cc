#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "sdk/loader/elf_file.h"
#include "sdk/loader/error.h"
#include "sdk/loader/library.h"
#include "sdk/loader/load.h"
#include "sdk/testkit/testkit.h"

namespace lamina::loader {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Testdata(const std::string& name) { return LAMINA_TESTDATA "/lib" + name + ".so"; }

std::string ErrorOf(const std::string& path) {
  try {
    Library::Open(path);
    return "";
  } catch (const LoadError& error) {
    return error.what();
  }
}

std::vector<char> BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A file of the test's own, gone with it.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::vector<char>& bytes)
      : path_(testing::TempDir() + "lamina_loader_test_" + std::to_string(getpid())) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), bytes.size());
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Manifest, IsReadWithoutLoading) {
  const Manifest manifest = ReadManifest(Testdata("loader_scale"));
  EXPECT_EQ("scale", manifest.name);
  EXPECT_EQ("2.1", manifest.version);
  EXPECT_THAT(manifest.needed, ElementsAre("libm.so.6"));
  EXPECT_EQ("$ORIGIN/beside", manifest.run_path);
  EXPECT_TRUE(manifest.has_layers());
  EXPECT_FALSE(manifest.is_native());
  ASSERT_EQ(1u, manifest.layers.size());
  const LayerInfo& layer = manifest.layers[0];
  EXPECT_EQ("Double", layer.name);
  EXPECT_EQ("y = 2 x", layer.doc);
  ASSERT_EQ(2u, layer.bindings.size());
  EXPECT_EQ("test.scale", layer.bindings[1].domain);
  EXPECT_EQ("Twice", layer.bindings[1].operator_name);
  EXPECT_EQ(4u, layer.bindings[1].until);
  EXPECT_EQ("x", layer.inputs.at(0).name);
  EXPECT_EQ(uint64_t{1} << LAMINA_F32, layer.inputs.at(0).types);
  EXPECT_EQ("x=f32[2]{1,-2} -> y=f32[2]{2,-4}", layer.examples.at(0));
}

TEST(Library, LoadsAndProvesItsExamples) {
  const auto library = Library::Open(Testdata("loader_scale"));
  EXPECT_EQ("", testkit::CheckExamples(testkit::FindLayer(*library->table(), "Double")));
}

TEST(Library, OfAnOlderMinorVersionLoads) {
  const auto library = Library::Open(Testdata("loader_older_minor"));
  EXPECT_EQ(LAMINA_ABI_MINOR - 1u, library->manifest().abi_minor);
  EXPECT_EQ("", testkit::CheckExamples(testkit::FindLayer(*library->table(), "Double")));
}

TEST(Library, OfAnotherVersionIsRefusedWithBothNamed) {
  EXPECT_THAT(ErrorOf(Testdata("loader_other_major")),
              AllOf(HasSubstr("version 7.3 "), HasSubstr("this host speaks 0.2"), HasSubstr("use a newer Lamina")));
  EXPECT_THAT(ErrorOf(Testdata("loader_newer_minor")), AllOf(HasSubstr("version 0.3 "), HasSubstr("speaks 0.2")));
}

TEST(Library, WhoseLayersAreNotClearIsRefused) {
  EXPECT_EQ("'" + Testdata("loader_unclear") +
                "': the layer 'Double' is for onnx test.scale Twice since 5 until 4, which ends before it begins; "
                "'until' is the last version and at least 'since', or 0 for no end",
            ErrorOf(Testdata("loader_unclear")));
}

TEST(Library, SaysWhatIsWrongAndWhatToDo) {
  EXPECT_THAT(ErrorOf("/nowhere/lib.so"), HasSubstr("No such file or directory; check the path"));
  EXPECT_THAT(ErrorOf(LAMINA_TESTDATA), HasSubstr("is a directory"));
  EXPECT_THAT(ErrorOf(Testdata("loader_no_entry")), HasSubstr("has no entry point"));
  EXPECT_THAT(ErrorOf(Testdata("loader_of2019")), HasSubstr("was built for the 2019 engine"));
  EXPECT_THAT(ErrorOf(TemporaryFile({'#', '!', '/', 'b'}).path()), HasSubstr("is not a shared library"));
  EXPECT_THAT(ErrorOf(TemporaryFile({}).path()), HasSubstr("is not a shared library"));
  EXPECT_THAT(ErrorOf("/proc/self/exe"), HasSubstr("has no entry point"));
}

std::string Trial(const std::string& path) {
  return TryInChild("'" + path + "'", [&] {
    Load(path);
    return "";
  });
}

// The dynamic loader would keep its lock: the next thread that needs it would wait for ever.
TEST(LibraryDeathTest, ThatThrowsEndsTheProcessAndIsNamed) {
  EXPECT_DEATH(Library::Open(Testdata("loader_throws")),
               "libloader_throws.so' threw while it was loaded: no licence for this machine; an error in its start-up "
               "code, correct it");
}

TEST(TryInChild, SaysWhatALibraryDid) {
  EXPECT_EQ("", Trial(Testdata("loader_scale")));
  EXPECT_EQ("'" + Testdata("loader_throws") +
                "' threw while it was loaded: no licence for this machine; an error in its start-up code, correct it",
            Trial(Testdata("loader_throws")));
  EXPECT_EQ("'" + Testdata("loader_aborts") +
                "' ended its process with Aborted while it was loaded: an error in its start-up code; correct it",
            Trial(Testdata("loader_aborts")));
  EXPECT_THAT(Trial(Testdata("loader_undefined")),
              HasSubstr("cannot be loaded: undefined symbol: not_there; is every"));
}

TEST(TryInChild, DoesNotWaitForEver) {
  const auto wait = []() -> std::string {
    for (;;) pause();
  };
  EXPECT_EQ("lib.so had not loaded after 1 s; see what it waits for",
            TryInChild("lib.so", wait, {.patience = std::chrono::seconds(1)}));
}

TEST(Library, ThatNeedsMoreThanThisCpuIsRefused) {
  const std::string error = ErrorOf(Testdata("loader_avx512"));
  if (MachineIsa() >= LAMINA_ISA_AVX512) {
    EXPECT_EQ("", error);
  } else {
    EXPECT_THAT(error, HasSubstr("needs a CPU with AVX-512"));
  }
  Manifest manifest;
  manifest.abi_major = LAMINA_ABI_MAJOR;
  manifest.path = "lib.so";
  manifest.isa = MachineIsa() + 1;
  EXPECT_THROW(CheckLoadable(manifest), LoadError);
}

// Every cut and a thousand changed bytes: an error or a manifest, never a crash.
TEST(Manifest, OfADamagedFileIsAnError) {
  const std::vector<char> whole = BytesOf(Testdata("loader_scale"));
  for (size_t size = 0; size < whole.size(); size += 97) {
    const TemporaryFile file({whole.begin(), whole.begin() + size});
    try {
      ReadManifest(file.path());
    } catch (const LoadError&) {
    }
  }
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::vector<char> changed = whole;
    for (int k = 0; k < 8; ++k) changed[random() % changed.size()] = char(random());
    const TemporaryFile file(changed);
    try {
      ReadManifest(file.path());
    } catch (const LoadError&) {
    }
  }
}

/// The library with its program headers changed by change(header).
template <class Change>
std::vector<char> WithHeaders(Change change) {
  std::vector<char> bytes = BytesOf(Testdata("loader_scale"));
  const auto* header = reinterpret_cast<const Elf64_Ehdr*>(bytes.data());
  auto* segments = reinterpret_cast<Elf64_Phdr*>(bytes.data() + header->e_phoff);
  for (int i = 0; i < header->e_phnum; ++i) change(segments[i]);
  return bytes;
}

TEST(Manifest, OfADynamicSectionWithoutEndIsAnError) {
  for (const uint64_t size : {~uint64_t{0}, ~uint64_t{0} - 14}) {
    const auto bytes = WithHeaders([&](Elf64_Phdr& segment) {
      if (segment.p_type == PT_DYNAMIC) segment.p_filesz = size;
    });
    EXPECT_THAT(ErrorOf(TemporaryFile(bytes).path()), HasSubstr("is damaged: it ends too early"));
  }
}

TEST(Manifest, OfPropertiesOutsideOfTheFileIsAnError) {
  const auto bytes = WithHeaders([](Elf64_Phdr& segment) {
    if (segment.p_type == PT_NOTE) segment.p_type = PT_GNU_PROPERTY, segment.p_offset = ~uint64_t{0} - 15;
  });
  EXPECT_THAT(ErrorOf(TemporaryFile(bytes).path()), HasSubstr("is damaged: it ends too early"));
}

// A table may be as long as all tables together; the layers' own has an entry already.
TEST(Manifest, TheEntriesOfAllTablesAreCounted) {
  std::vector<char> bytes = BytesOf(Testdata("loader_scale"));
  const ElfFile file(Testdata("loader_scale"));
  const uint64_t begin = file.Pointer(*file.FindSymbol("lamina_library") + offsetof(lamina_library_table, begin));
  const uint64_t layer = file.Pointer(begin);
  // Where the layer lies in the file: its bytes are found there again.
  const auto table = file.Bytes(layer, sizeof(lamina_layer));
  const std::string_view whole(bytes.data(), bytes.size());
  const size_t at = whole.find({reinterpret_cast<const char*>(table.data()), table.size()});
  ASSERT_NE(at, std::string_view::npos);
  const uint32_t many = 1 << 16;
  std::memcpy(bytes.data() + at + offsetof(lamina_layer, binding_count), &many, sizeof(many));
  EXPECT_THAT(ErrorOf(TemporaryFile(bytes).path()), HasSubstr("is damaged: a table of it has no end"));
}

}  // namespace
}  // namespace lamina::loader
