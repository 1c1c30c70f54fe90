#include <lamina/layer.h>

#include <algorithm>
#include <memory>

#include "extension/layers/rows.h"
#include "extension/text/regex_search.h"
#include "extension/text/utf8.h"

namespace lamina::layers {
namespace {

/// Cuts texts into tokens: what matches tokenexp, or what lies between matches of separators.
///
/// Inputs: x [N, C] or [C], string; UTF-8.
/// Attributes: tokenexp, or separators, regular expressions in RE2's syntax without scripts (\p{Greek}); the longest
/// match counts. Separators cut one after the other: the second cuts what the first left. tokenexp "." or the single
/// separator "" cut into characters. mincharnum: tokens with fewer characters are left out; mark: whether a token
/// "\x02" stands before and "\x03" behind those of a text; pad_value: stands behind them up to the most tokens that a
/// text has. Outputs: y, string, x's shape and one dimension more: the most tokens, 0 if there is none at all. Errors:
/// neither tokenexp nor separators, something that is no regular expression, mincharnum below 1 or above 1 for
/// characters, text that is no UTF-8.
/// Source: com.microsoft Tokenizer, 1.
/// Accuracy: to the bit.
struct Tokenizer {
  int64_t mark = 0, mincharnum = 1;
  std::string pad_value, tokenexp;
  std::vector<std::string> separators;

  void Prepare(const Node&) {
    Require(mincharnum >= 1, kName, ": mincharnum is ", mincharnum, ", expected 1 or more");
    Require(!tokenexp.empty() || !separators.empty(), kName,
            ": neither tokenexp nor separators is given, expected one of them");
    is_by_char_ = separators.empty() ? tokenexp == "." : separators.size() == 1 && separators[0].empty();
    Require(!is_by_char_ || mincharnum == 1, kName, ": mincharnum is ", mincharnum,
            ", expected 1 to cut into characters");
    if (is_by_char_) return;
    try {
      for (const std::string& separator : separators) separators_.emplace_back(separator);
      if (separators.empty()) token_ = std::make_unique<text::Regex>(tokenexp);
    } catch (const std::invalid_argument& error) {
      throw Error(Cat(kName, ": ", error.what()));
    }
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, LAMINA_STRING);
    RowsOf(x, kName);
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims.push_back(-1);
    inference.SetOutput(0, LAMINA_STRING, dims);
  }

  void Compute(In<std::string_view> x, Out<std::string_view> y, const Call& call) const {
    std::vector<Tokens> tokens(x.size());
    call.ParallelFor(x.size(), Grain(512), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        Require(text::IsUtf8(x[i]), kName, ": element ", i, " is no UTF-8");
        tokens[i] = Cut(x[i]);
      }
    });
    size_t most = 0;
    for (const Tokens& own : tokens) most = std::max(most, own.size());
    if (most > 0 && mark != 0) most += 2;
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims.push_back(static_cast<int64_t>(most));
    y.Resize(dims);
    if (most == 0) return;
    call.ParallelFor(x.size(), Grain(16 * most), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) Write(tokens[i], most, i * most, y);
    });
  }

 private:
  using Tokens = std::vector<std::string_view>;
  static constexpr const char* kName = "Tokenizer";

  /// Characters are counted only where the bytes, up to four for each, don't tell.
  bool IsLongEnough(std::string_view token) const {
    const auto least = static_cast<size_t>(mincharnum);
    return token.size() >= least && (token.size() / 4 >= least || text::Length(token) >= least);
  }

  Tokens Cut(std::string_view x) const {
    if (is_by_char_) return ByChar(x);
    try {
      return token_ ? ByToken(x) : BySeparators(x);
    } catch (const std::runtime_error& error) {
      throw Error(Cat(kName, ": ", error.what()), LAMINA_RESOURCE_EXHAUSTED);
    }
  }

  static Tokens ByChar(std::string_view x) {
    Tokens tokens;
    for (size_t i = 0; i < x.size();) {
      const size_t begin = i;
      text::Decode(x, i);
      tokens.push_back(x.substr(begin, i - begin));
    }
    return tokens;
  }

  Tokens ByToken(std::string_view x) const {
    Tokens tokens;
    text::RegexSearch search(*token_, x);
    for (size_t from = 0; from <= x.size();) {
      const auto span = search.Find(from);
      if (!span) break;
      const std::string_view token = x.substr(span->begin, span->end - span->begin);
      from = span->end;
      if (IsLongEnough(token)) {
        tokens.push_back(token);
      } else {
        from = Behind(x, span->begin);  // another match may begin within the one left out
      }
    }
    return tokens;
  }

  Tokens BySeparators(std::string_view x) const {
    Tokens tokens = {x}, cut;
    for (const text::Regex& separator : separators_) {
      cut.clear();
      for (const std::string_view part : tokens) CutAt(separator, part, cut);
      std::swap(tokens, cut);
    }
    return tokens;
  }
  void CutAt(const text::Regex& separator, std::string_view part, Tokens& cut) const {
    const auto add = [&](size_t begin, size_t end) {
      const std::string_view token = part.substr(begin, end - begin);
      if (IsLongEnough(token)) cut.push_back(token);
    };
    text::RegexSearch search(separator, part);
    size_t from = 0;
    while (const auto span = search.Find(from)) {
      add(from, span->begin);
      // A match of nothing takes the character behind it along.
      from = span->end > span->begin ? span->end : Behind(part, span->begin);
      if (from > part.size()) return;
    }
    add(from, part.size());
  }

  /// The byte behind the character at byte i; beyond the text at its end.
  static size_t Behind(std::string_view x, size_t i) {
    if (i >= x.size()) return x.size() + 1;
    text::Decode(x, i);
    return i;
  }

  void Write(const Tokens& tokens, size_t most, size_t at, const Out<std::string_view>& y) const {
    const size_t end = at + most;
    if (mark != 0) y.Set(at++, "\x02");
    for (const std::string_view token : tokens) y.Set(at++, token);
    if (mark != 0) y.Set(at++, "\x03");
    while (at < end) y.Set(at++, pad_value);
  }

  bool is_by_char_ = false;
  std::unique_ptr<const text::Regex> token_;
  std::vector<text::Regex> separators_;
};

LAMINA_LAYER(Tokenizer,
             .Onnx("com.microsoft")
                 .Doc("cuts texts into tokens")
                 .Attribute<&Tokenizer::mark>("mark")
                 .Attribute<&Tokenizer::mincharnum>("mincharnum")
                 .Attribute<&Tokenizer::pad_value>("pad_value")
                 .Attribute<&Tokenizer::tokenexp>("tokenexp")
                 .Attribute<&Tokenizer::separators>("separators")
                 .Example("mark=0 mincharnum=1 pad_value=\"#\" tokenexp=\"[a-z]+\" x=string[2]{\"ab, c\",\"d\"} "
                          "-> y=string[2,2]{\"ab\",\"c\",\"d\",\"#\"}")
                 .Example("mark=1 mincharnum=1 pad_value=\"#\" separators=[\";\",\" +\"] x=string[1]{\"a;b  c\"} "
                          "-> y=string[1,5]{\"\x02\",\"a\",\"b\",\"c\",\"\x03\"}"));

}  // namespace
}  // namespace lamina::layers
