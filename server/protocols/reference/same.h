#ifndef LAMINA_SERVER_PROTOCOLS_REFERENCE_SAME_H_
#define LAMINA_SERVER_PROTOCOLS_REFERENCE_SAME_H_

#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/api/tensor.h"
#include "server/protocols/wire/wire_list.h"

namespace lamina::server {

/// What is `ours` is also `theirs`; otherwise a difference is noted under the name of `what`.
class Differences {
 public:
  template <typename A, typename B>
  void Same(const char* what, const A& ours, const B& theirs) {
    if (!(ours == theirs)) Add(what);
  }

  /// A repeated number, to the bit.
  template <typename T>
  void SameList(const char* what, const WirePieces& message, uint32_t number,
                const google::protobuf::RepeatedField<T>& theirs) {
    const WireList list(message, number, kWireTypeOf<T>);
    std::vector<T> ours;
    list.ForEach([&](uint64_t bits) {
      ours.push_back(FromWire<T>(bits));
      return true;
    });
    if (list.size() != ours.size() || ours.size() != static_cast<size_t>(theirs.size())) return Add(what);
    for (int i = 0; i < theirs.size(); ++i) {
      const T a = ours[i], b = theirs[i];
      if (std::memcmp(&a, &b, sizeof(T)) != 0) Add(what);
    }
    const auto in_place = list.InPlace();
    if (in_place && (in_place->size() != ours.size() * sizeof(T) ||
                     (!ours.empty() && std::memcmp(in_place->data(), theirs.data(), in_place->size()) != 0))) {
      Add(what);
    }
  }

  /// A repeated field of bytes.
  void SameTexts(const char* what, const WirePieces& message, uint32_t number,
                 const google::protobuf::RepeatedPtrField<std::string>& theirs) {
    std::vector<std::string_view> ours;
    for (const WireBytes piece : message) {
      WireReader reader(piece);
      while (reader.Next()) {
        if (reader.Is(number, WireType::kBytes)) ours.push_back(reader.text());
      }
    }
    if (!std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end())) Add(what);
  }

  void SameTensor(const InputTensor& ours, const InputTensor& theirs) {
    Same("tensor.name", ours.name, theirs.name);
    Same("tensor.type", ours.type, theirs.type);
    if (!std::ranges::equal(ours.shape, theirs.shape)) Add("tensor.shape");
    if (!std::ranges::equal(ours.data, theirs.data)) Add("tensor.data");
    if (!std::ranges::equal(ours.strings, theirs.strings)) Add("tensor.strings");
  }

  void Add(std::string_view what) { absl::StrAppend(&text_, text_.empty() ? "" : ", ", std::string(what)); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_REFERENCE_SAME_H_
