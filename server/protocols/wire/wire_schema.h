#ifndef LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_SCHEMA_H_
#define LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_SCHEMA_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "server/protocols/wire/wire_reader.h"

namespace lamina::server {

/// What protobuf checks of a field besides the wire format itself.
enum class WireCheck : uint8_t {
  kNothing,  // numbers, bytes, fields that are not known
  kText,     // UTF-8, as proto3 asks for
  kMessage,  // the message's own schema; an entry of a map is a message of key = 1 and value = 2
  kVarints,  // a repeated one: where it is packed, it ends with an element
  kFixed32s,
  kFixed64s,
};

struct WireSchema;

struct WireField {
  WireCheck check = WireCheck::kNothing;
  /// Of a kMessage.
  const WireSchema* message = nullptr;
};

/// The fields of a message by their number: the first is field 0, which there is not.
struct WireSchema {
  std::span<const WireField> fields;
};

/// What is wrong with a message, and at which of its bytes.
struct WireFault {
  const char* what = "";
  size_t offset = 0;
};

/// Reads a message as protobuf would, and says why it would refuse it; nothing when it would take it. What has no fault
/// may then be read with a WireReader field by field, also that of its messages, without looking for errors.
std::optional<WireFault> FindFault(WireBytes message, const WireSchema& schema);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_WIRE_WIRE_SCHEMA_H_
