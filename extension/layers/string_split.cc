#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// Splits strings at a delimiter: y[..., k] is the kth part of x, "" behind the last, and z how many there are.
///
/// Inputs: x, string, of any shape.
/// Attributes: delimiter; without one, or with "", parts are separated by one blank or more, and blanks around them are
/// left out. maxsplit: how often to split at most; the rest is then one part. Negative, the default: always.
/// Outputs: y, string, x's shape and one dimension more, the most parts that an element has; z, i64, of x's shape. An
/// empty string has no parts.
/// Source: ai.onnx StringSplit, 20.
/// Accuracy: to the bit.
struct StringSplit {
  std::string delimiter;
  int64_t maxsplit = -1;

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    inference.SetOutputLike(1, LAMINA_I64, x);
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, LAMINA_STRING);
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims.push_back(-1);
    inference.SetOutput(0, LAMINA_STRING, dims);
  }

  void Compute(In<std::string_view> x, Out<std::string_view> y, Out<int64_t> z) const {
    std::vector<std::string_view> parts;  // of all elements, one behind the other
    std::vector<size_t> ends;
    size_t most = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t begin = parts.size();
      delimiter.empty() ? AtBlanks(x[i], parts) : AtDelimiter(x[i], parts);
      ends.push_back(parts.size());
      most = std::max(most, parts.size() - begin);
      if (z.present()) z[i] = static_cast<int64_t>(parts.size() - begin);
    }
    if (!y.present()) return;
    std::vector<int64_t> dims(x.dims().begin(), x.dims().end());
    dims.push_back(static_cast<int64_t>(most));
    y.Resize(dims);
    size_t next = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      for (size_t k = 0; k < most; ++k) y.Set(i * most + k, next < ends[i] ? parts[next++] : std::string_view());
    }
  }

 private:
  void AtBlanks(std::string_view text, std::vector<std::string_view>& parts) const {
    const size_t last = text.find_last_not_of(' ');
    if (last == std::string_view::npos) return;
    text = text.substr(0, last + 1);
    for (int64_t splits = 0;; ++splits) {
      text.remove_prefix(text.find_first_not_of(' '));
      const size_t end = text.find(' ');
      if (end == std::string_view::npos || splits == maxsplit) return parts.push_back(text);
      parts.push_back(text.substr(0, end));
      text.remove_prefix(end);
    }
  }

  void AtDelimiter(std::string_view text, std::vector<std::string_view>& parts) const {
    if (text.empty()) return;
    for (int64_t splits = 0;; ++splits) {
      const size_t end = text.find(delimiter);
      if (end == std::string_view::npos || splits == maxsplit) return parts.push_back(text);
      parts.push_back(text.substr(0, end));
      text.remove_prefix(end + delimiter.size());
    }
  }
};

LAMINA_LAYER(StringSplit, .Onnx("")
                              .Doc("y[..., k] is the kth part of x, z the number of parts")
                              .Inputs("x")
                              .Outputs("y", "z")
                              .Attribute<&StringSplit::delimiter>("delimiter")
                              .Attribute<&StringSplit::maxsplit>("maxsplit")
                              .Example("delimiter=\",\" x=string[2]{\"a,b,,c\",\"d\"} "
                                       "-> y=string[2,4]{\"a\",\"b\",\"\",\"c\",\"d\",\"\",\"\",\"\"} z=i64[2]{4,1}"));

}  // namespace
}  // namespace lamina::layers
