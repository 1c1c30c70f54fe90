#include <lamina/layer.h>

#include <optional>

#include "extension/layers/rows.h"
#include "extension/text/regex.h"

namespace lamina::layers {
namespace {

/// y = whether the whole of x matches the pattern.
///
/// Inputs: x, string, of any shape; UTF-8.
/// Attributes: pattern, in RE2's syntax; of Unicode's classes those of categories (\p{Lu}), not scripts (\p{Greek}).
/// Outputs: y, bool, of x's shape.
/// Errors: a pattern that is no regular expression.
/// Source: ai.onnx RegexFullMatch, 20.
/// Accuracy: to the bit.
struct RegexFullMatch {
  std::string pattern;

  void Prepare(const Node&) {
    try {
      regex_.emplace(pattern);
    } catch (const std::invalid_argument& error) {
      throw Error(Cat("RegexFullMatch: ", error.what()));
    }
  }

  void Compute(In<std::string_view> x, Out<bool> y, const Call& call) const {
    call.ParallelFor(x.size(), Grain(128), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) y[i] = regex_->Matches(x[i]);
    });
  }

 private:
  std::optional<text::Regex> regex_;
};

LAMINA_LAYER(RegexFullMatch, .Onnx("")
                                 .Doc("y = whether the whole of x matches the pattern")
                                 .Required<&RegexFullMatch::pattern>("pattern")
                                 .SameShape()
                                 .Example("pattern=\"[a-z]+[0-9]?\" x=string[3]{\"ab1\",\"ab12\",\"\"} "
                                          "-> y=bool[3]{1,0,0}"));

}  // namespace
}  // namespace lamina::layers
