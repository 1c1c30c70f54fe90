#include "sdk/testkit/prove.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>

#include "sdk/loader/manifest.h"

namespace lamina::testkit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST(Prove, GoesOnAfterALayerThatEndsItsProcess) {
  Written out, errors;
  EXPECT_FALSE(Prove(Testdata("dying"), out.file(), errors.file()));
  EXPECT_THAT(errors.Text(),
              AllOf(HasSubstr("libprove_dying.so: the layer 'Aborts' ended its process with Aborted while "
                              "its examples ran: an error in its code; correct it"),
                    HasSubstr("the layer 'Exits' ended its process with exit code 0 while"),
                    HasSubstr("Lies, example \"x=f32[1]{1} -> y=f32[1]{2}\": output 0: ")));
}

TEST(Prove, RefusesALibraryThatContradictsItself) {
  Written out, errors;
  EXPECT_FALSE(Prove(Testdata("backwards"), out.file(), errors.file()));
  EXPECT_THAT(errors.Text(), HasSubstr("libprove_backwards.so' contradicts itself: the layer 'Twice' is for onnx "
                                       "test.Twice since version 9 until version 8"));
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
