#include <lamina/layer.h>

#include <unordered_set>

#include "extension/layers/rows.h"
#include "extension/text/letter_case.h"
#include "extension/text/utf8.h"

namespace lamina::layers {
namespace {

/// Leaves out stop words and changes letter case.
///
/// Inputs: x [C] or [1, C], string; UTF-8.
/// Attributes: case_change_action NONE (default), LOWER or UPPER; is_case_sensitive (default 0): whether a stop word
/// stands for itself in this case alone; stopwords; locale: any but a Turkish, Azeri or Lithuanian one means Unicode's
/// own mapping of letters, which is the same for all languages but these.
/// Outputs: y [C'] or [1, C'], string: what is left. If nothing is, a single "".
/// Errors: another action, one of the three languages, text that is no UTF-8, another shape.
/// Source: ai.onnx StringNormalizer, 10.
/// Accuracy: letters are mapped one by one, as C's towlower and towupper do.
struct StringNormalizer {
  std::string case_change_action = "NONE", locale;
  int64_t is_case_sensitive = 0;
  std::vector<std::string> stopwords;

  void Prepare(const Node&) {
    Require(case_change_action == "NONE" || case_change_action == "LOWER" || case_change_action == "UPPER", kName,
            ": case_change_action is '", case_change_action, "', expected NONE, LOWER or UPPER");
    const std::string language = locale.substr(0, 2);
    Require(language != "tr" && language != "az" && language != "lt", kName, ": locale is '", locale,
            "', whose letter case is not supported");
    for (const std::string& word : stopwords) stops_.insert(Compared(word));
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, LAMINA_STRING);
    const RowShape shape = RowsOf(x, kName);
    Require(shape.rows <= 1, kName, ": the input has ", shape.rows, " rows, expected [C] or [1, C]");
    const int64_t words = stops_.empty() ? shape.features : -1;
    x.rank() == 1 ? inference.SetOutput(0, LAMINA_STRING, {words})
                  : inference.SetOutput(0, LAMINA_STRING, {shape.rows, words});
  }

  void Compute(In<std::string_view> x, Out<std::string_view> y, const Call& call) const {
    std::vector<size_t> left;
    for (size_t i = 0; i < x.size(); ++i) {
      Require(text::IsUtf8(x[i]), kName, ": element ", i, " is no UTF-8");
      if (stops_.empty() || !stops_.contains(Compared(x[i]))) left.push_back(i);
    }
    if (!stops_.empty()) {
      const auto words = static_cast<int64_t>(left.empty() && x.size() > 0 ? 1 : left.size());
      x.rank() == 1 ? y.Resize({words}) : y.Resize({x.dim(0), words});
      if (left.empty() && words == 1) return y.Set(0, "");
    }
    call.ParallelFor(left.size(), Grain(256), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        case_change_action == "NONE" ? y.Set(i, x[left[i]]) : y.Set(i, Changed(x[left[i]]));
      }
    });
  }

 private:
  static constexpr const char* kName = "StringNormalizer";

  std::string Changed(std::string_view word) const {
    return case_change_action == "UPPER" ? text::Uppered(word) : text::Lowered(word);
  }
  /// The word as it is compared with stop words.
  std::string Compared(std::string_view word) const {
    return is_case_sensitive != 0 ? std::string(word) : Changed(word);
  }

  std::unordered_set<std::string> stops_;
};

LAMINA_LAYER(StringNormalizer, .Onnx("")
                                   .Doc("leaves out stop words and changes letter case")
                                   .Attribute<&StringNormalizer::case_change_action>("case_change_action")
                                   .Attribute<&StringNormalizer::is_case_sensitive>("is_case_sensitive")
                                   .Attribute<&StringNormalizer::stopwords>("stopwords")
                                   .Attribute<&StringNormalizer::locale>("locale")
                                   .Example("case_change_action=\"LOWER\" stopwords=[\"monday\"] "
                                            "x=string[3]{\"Monday\",\"Tuesday\",\"Mondays\"} "
                                            "-> y=string[2]{\"tuesday\",\"mondays\"}")
                                   .Example("stopwords=[\"a\"] x=string[1,1]{\"a\"} -> y=string[1,1]{\"\"}"));

}  // namespace
}  // namespace lamina::layers
