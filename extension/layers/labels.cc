#include "extension/layers/labels.h"

#include "extension/layers/rows.h"

namespace lamina::layers {

Labels::Labels(std::vector<std::string> strings, std::vector<int64_t> ints, const char* layer)
    : strings_(std::move(strings)), ints_(std::move(ints)) {
  Require(strings_.empty() != ints_.empty(), layer, ": there are ", strings_.size(), " string labels and ",
          ints_.size(), " integer labels, expected one kind of them");
  identity_ = true;
  for (size_t i = 0; i < ints_.size(); ++i) identity_ &= ints_[i] == static_cast<int64_t>(i);
}

Labels Labels::NoAndYes() const {
  return are_strings() ? Labels({strings_[0], strings_[0]}, {}, "labels") : Labels({}, {0, 1}, "labels");
}

int64_t* Labels::Places(const Call& call, size_t output, size_t rows) const {
  const Output labels = call.Out(output);
  if (labels.present() && !are_strings()) return static_cast<int64_t*>(labels.data());
  return call.Scratch<int64_t>(rows).data();
}

void Labels::Write(const Call& call, size_t output, const int64_t* places, size_t rows) const {
  const Output labels = call.Out(output);
  if (!labels.present() || (identity_ && !are_strings())) return;
  if (are_strings()) {
    call.ParallelFor(rows, Grain(16), [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) labels.Set(i, strings_[places[i]]);
    });
  } else {
    auto* to = static_cast<int64_t*>(labels.data());
    for (size_t i = 0; i < rows; ++i) to[i] = ints_[places[i]];
  }
}

}  // namespace lamina::layers
