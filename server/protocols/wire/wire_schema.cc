#include "server/protocols/wire/wire_schema.h"

#include "server/protocols/wire/utf8.h"

namespace lamina::server {
namespace {

constexpr char kMalformed[] = "a field that is cut off or malformed";
constexpr char kNotUtf8[] = "text that is not UTF-8";
constexpr char kTooDeep[] = "messages that lie more than 100 deep in one another";
constexpr char kPartOfElement[] = "a packed list that ends within an element";

/// Reads one message; the fault's place is kept as a pointer until the outermost message is known.
class Checker {
 public:
  bool Check(WireBytes message, const WireSchema& schema, int depth) {
    WireReader reader(message, depth);
    while (reader.Next()) {
      if (reader.number() >= schema.fields.size() || reader.type() != WireType::kBytes) continue;
      if (!CheckField(reader.bytes(), schema.fields[reader.number()], depth)) return false;
    }
    return !reader.malformed() || Fault(kMalformed, reader.position());
  }

  const char* what() const { return what_; }
  const std::byte* where() const { return where_; }

 private:
  bool CheckField(WireBytes bytes, const WireField& field, int depth) {
    switch (field.check) {
      case WireCheck::kNothing:
        return true;
      case WireCheck::kText:
        return IsUtf8(bytes) || Fault(kNotUtf8, bytes.data());
      case WireCheck::kMessage:
        return depth > 0 ? Check(bytes, *field.message, depth - 1) : Fault(kTooDeep, bytes.data());
      case WireCheck::kVarints:
        return CheckVarints(bytes);
      case WireCheck::kFixed32s:
        return bytes.size() % 4 == 0 || Fault(kPartOfElement, bytes.data());
      case WireCheck::kFixed64s:
        return bytes.size() % 8 == 0 || Fault(kPartOfElement, bytes.data());
    }
    return true;
  }

  bool CheckVarints(WireBytes bytes) {
    const std::byte* p = bytes.data();
    const std::byte* const end = p + bytes.size();
    uint64_t value = 0;
    while (p != end) {
      const std::byte* after = DecodeVarint(p, end, value);
      if (after == nullptr) return Fault(kPartOfElement, p);
      p = after;
    }
    return true;
  }

  bool Fault(const char* what, const std::byte* where) {
    what_ = what;
    where_ = where;
    return false;
  }

  const char* what_ = "";
  const std::byte* where_ = nullptr;
};

}  // namespace

std::optional<WireFault> FindFault(WireBytes message, const WireSchema& schema) {
  Checker checker;
  if (checker.Check(message, schema, WireReader::kMaxDepth)) return std::nullopt;
  return WireFault{.what = checker.what(), .offset = static_cast<size_t>(checker.where() - message.data())};
}

}  // namespace lamina::server
