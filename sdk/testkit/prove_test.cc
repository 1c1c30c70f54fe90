#include "sdk/testkit/prove.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>

#include "lamina/abi.h"
#include "sdk/loader/manifest.h"

namespace lamina::testkit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::string Testdata(const std::string& name) { return LAMINA_TESTDATA "/libprove_" + name + ".so"; }

// What Prove wrote to a stream.
class Written {
 public:
  std::FILE* file() { return file_; }
  std::string Text() {
    std::fflush(file_);
    return std::string(text_, size_);
  }
  ~Written() {
    std::fclose(file_);
    std::free(text_);
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* file_ = open_memstream(&text_, &size_);
};

TEST(Prove, SaysWhatHoldsAndOnWhat) {
  Written out, errors;
  EXPECT_TRUE(Prove(Testdata("right"), out.file(), errors.file()));
  EXPECT_THAT(out.Text(),
              HasSubstr("libprove_right.so: provable 1.5: 1 example of 1 layer hold; chosen at run time, offered "));
  EXPECT_THAT(out.Text(), HasSubstr(loader::IsaName(loader::MachineIsa())));
  EXPECT_THAT(errors.Text(), IsEmpty());
}

TEST(Prove, OffersNoMoreThanTheCap) {
  setenv("CPU_EXTENSION_ISA", "sse42", 1);
  Written out, errors;
  EXPECT_TRUE(Prove(Testdata("right"), out.file(), errors.file()));
  unsetenv("CPU_EXTENSION_ISA");
  EXPECT_THAT(out.Text(), HasSubstr("offered SSE4.2\n"));
}

TEST(Prove, SaysWhichExampleDoesNotHold) {
  Written out, errors;
  EXPECT_FALSE(Prove(Testdata("lying"), out.file(), errors.file()));
  EXPECT_THAT(out.Text(), Not(HasSubstr("hold")));
  EXPECT_THAT(errors.Text(), HasSubstr("Twice, example \"x=f32[1]{1} -> y=f32[1]{3}\": output 0: "));
}

TEST(Prove, WarnsOfALayerWithoutExample) {
  Written out, errors;
  EXPECT_TRUE(Prove(Testdata("silent"), out.file(), errors.file()));
  EXPECT_THAT(errors.Text(), HasSubstr("the layer 'Twice' has no example, so nothing is known of it"));
}

TEST(Prove, WarnsOfALayerThatNoModelCanReach) {
  Written out, errors;
  EXPECT_TRUE(Prove(Testdata("unreachable"), out.file(), errors.file()));
  EXPECT_THAT(errors.Text(), HasSubstr("the layer 'Twice' is for no operator, so no model can reach it"));
}

TEST(Prove, SaysWhyALibraryCannotBeLoaded) {
  Written out, errors;
  EXPECT_FALSE(Prove("/no/such.so", out.file(), errors.file()));
  EXPECT_THAT(errors.Text(), HasSubstr("error: '/no/such.so': No such file"));
}

TEST(Prove, NamesEachLayerThatEndsItsProcessAndProvesTheOthers) {
  const std::string isa = loader::IsaName(std::min(loader::MachineIsa(), int32_t{LAMINA_ISA_SSE42}));
  const std::string correct = " on " + isa + ": an error in its code; correct it\n";
  Written out, errors;
  EXPECT_FALSE(Prove(Testdata("ending"), out.file(), errors.file()));
  for (const auto& [layer, how, example] : {std::tuple("Aborts", "Aborted", "x=f32[1]{1} -> y=f32[1]{2}"),
                                            std::tuple("Faults", "Segmentation fault", "x=f32[1]{2} -> y=f32[1]{2}"),
                                            std::tuple("Throws", "Aborted", "x=f32[1]{1} -> y=f32[1]{2}"),
                                            std::tuple("Exits", "exit code 3", "x=f32[1]{1} -> y=f32[1]{2}")}) {
    EXPECT_THAT(errors.Text(),
                HasSubstr("error: " + Testdata("ending") + ": the layer '" + layer + "' ended its process with " + how +
                          " in its example \"" + example + "\"" + correct));
  }
  EXPECT_THAT(errors.Text(), HasSubstr("Lies, example \"x=f32[1]{1} -> y=f32[1]{3}\": output 0: "));
  EXPECT_THAT(errors.Text(), HasSubstr("AlsoLies, example \"x=f32[1]{1} -> y=f32[1]{4}\": output 0: "));
  EXPECT_THAT(errors.Text(), Not(HasSubstr("Right")));
  EXPECT_THAT(out.Text(), IsEmpty());
}

TEST(Prove, NamesALayerThatNeverEnds) {
  Written out, errors;
  EXPECT_FALSE(Prove(Testdata("hanging"), out.file(), errors.file(), std::chrono::seconds(1)));
  EXPECT_THAT(errors.Text(), HasSubstr("the layer 'Hangs' had not ended after 1 s, in its example \"x=f32[1]{1} -> "
                                       "y=f32[1]{2}\" on "));
  EXPECT_THAT(errors.Text(), HasSubstr("AlsoLies, example "));
}

TEST(Prove, PrintsWhatALayerPrints) {
  Written out, errors;
  testing::internal::CaptureStdout();
  std::printf("before, ");
  EXPECT_FALSE(Prove(Testdata("ending"), out.file(), errors.file()));
  EXPECT_THAT(testing::internal::GetCapturedStdout(), StartsWith("before, the layer prints\n"));
}

TEST(Prove, NamesALibraryWhoseStartUpCodeIsWrong) {
  for (const auto& [name, what] : {std::pair("throws", "' threw while it was loaded: no licence for this machine; "),
                                   std::pair("aborts", "' ended its process with Aborted while it was loaded: ")}) {
    const std::string path = std::string(LAMINA_LOADER_TESTDATA "/libloader_") + name + ".so";
    Written out, errors;
    EXPECT_FALSE(Prove(path, out.file(), errors.file()));
    EXPECT_THAT(errors.Text(), HasSubstr("error: '" + path + what));
  }
}

}  // namespace
}  // namespace lamina::testkit
