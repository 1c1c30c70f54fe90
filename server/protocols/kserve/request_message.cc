#include "server/protocols/kserve/request_message.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/protocols/most_parts.h"
#include "server/protocols/wire/wire_list.h"
#include "server/protocols/wire/wire_schema.h"

namespace lamina::server {
namespace {

// The fields of proto/kserve/inference.proto, those that protobuf checks; by number from 0.
constexpr WireField kText = {WireCheck::kText};
constexpr WireField kParameterFields[] = {{}, {}, {}, kText};
constexpr WireSchema kParameter = {kParameterFields};
constexpr WireField kEntryFields[] = {{}, kText, {WireCheck::kMessage, &kParameter}};
constexpr WireSchema kEntry = {kEntryFields};
constexpr WireField kContentsFields[] = {{},
                                         {WireCheck::kVarints},
                                         {WireCheck::kVarints},
                                         {WireCheck::kVarints},
                                         {WireCheck::kVarints},
                                         {WireCheck::kVarints},
                                         {WireCheck::kFixed32s},
                                         {WireCheck::kFixed64s}};
constexpr WireSchema kContents = {kContentsFields};
constexpr WireField kInputFields[] = {
    {}, kText, kText, {WireCheck::kVarints}, {WireCheck::kMessage, &kEntry}, {WireCheck::kMessage, &kContents}};
constexpr WireSchema kInput = {kInputFields};
constexpr WireField kOutputFields[] = {{}, kText, {WireCheck::kMessage, &kEntry}};
constexpr WireSchema kOutput = {kOutputFields};
constexpr WireField kRequestFields[] = {{},
                                        kText,
                                        kText,
                                        kText,
                                        {WireCheck::kMessage, &kEntry},
                                        {WireCheck::kMessage, &kInput},
                                        {WireCheck::kMessage, &kOutput}};
constexpr WireSchema kRequest = {kRequestFields};

/// An InferParameter, of which a later member takes the place of an earlier one.
KserveParameter ReadParameter(const WirePieces& message) {
  KserveParameter parameter;
  for (const WireBytes piece : message) {
    WireReader reader(piece);
    while (reader.Next()) {
      if (reader.Is(1, WireType::kVarint)) parameter = reader.value() != 0;
      if (reader.Is(2, WireType::kVarint)) parameter = static_cast<int64_t>(reader.value());
      if (reader.Is(3, WireType::kBytes)) parameter = reader.text();
      if (reader.Is(4, WireType::kFixed64)) parameter = std::bit_cast<double>(reader.value());
      if (reader.Is(5, WireType::kVarint)) parameter = reader.value();
    }
  }
  return parameter;
}

struct Entry {
  std::string_view key;
  WirePieces value;
};

Entry ReadEntry(WireBytes message) {
  Entry entry;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.Is(1, WireType::kBytes)) entry.key = reader.text();
    if (reader.Is(2, WireType::kBytes)) entry.value.push_back(reader.bytes());
  }
  return entry;
}

}  // namespace

std::optional<KserveParameter> KserveParameters::Find(std::string_view name) const {
  if (!any_) return std::nullopt;
  std::optional<KserveParameter> found;
  WireReader reader(message_);
  while (reader.Next()) {
    if (!reader.Is(number_, WireType::kBytes)) continue;
    const Entry entry = ReadEntry(reader.bytes());
    if (entry.key == name) found = ReadParameter(entry.value);
  }
  return found;
}

std::map<std::string_view, KserveParameter> KserveParameters::All() const {
  std::map<std::string_view, KserveParameter> all;
  WireReader reader(message_);
  while (reader.Next()) {
    if (!reader.Is(number_, WireType::kBytes)) continue;
    const Entry entry = ReadEntry(reader.bytes());
    all[entry.key] = ReadParameter(entry.value);
  }
  return all;
}

KserveInputMessage::KserveInputMessage(WireBytes message, absl::InlinedVector<int64_t, 16>& shape) {
  bool any_parameters = false;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.Is(3, WireType::kVarint)) {
      if (shape.size() <= kMostParts) shape.push_back(static_cast<int64_t>(reader.value()));
    } else if (reader.type() == WireType::kBytes) {
      if (reader.number() == 1) name = reader.text();
      if (reader.number() == 2) datatype = reader.text();
      if (reader.number() == 3) AppendVarints(reader.bytes(), kMostParts + 1, shape);
      if (reader.number() == 4) any_parameters = true;
      if (reader.number() == 5) contents.push_back(reader.bytes());
    }
  }
  parameters = KserveParameters(message, 4, any_parameters);
}

KserveOutputMessage::KserveOutputMessage(WireBytes message) {
  bool any_parameters = false;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.Is(1, WireType::kBytes)) name = reader.text();
    if (reader.Is(2, WireType::kBytes)) any_parameters = true;
  }
  parameters = KserveParameters(message, 2, any_parameters);
}

absl::Status KserveRequestMessage::Read(WireBytes message) {
  if (const auto fault = FindFault(message, kRequest)) {
    return absl::InvalidArgumentError(absl::StrCat("the message is no inference.ModelInferRequest: byte ",
                                                   fault->offset, " of ", message.size(), " begins ", fault->what,
                                                   "; send one that a protobuf library has written"));
  }
  bool any_parameters = false;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.type() != WireType::kBytes) continue;
    if (reader.number() == 1) model_name = reader.text();
    if (reader.number() == 2) model_version = reader.text();
    if (reader.number() == 3) id = reader.text();
    if (reader.number() == 4) any_parameters = true;
    if (reader.number() == 5) inputs.push_back(reader.bytes());
    if (reader.number() == 6) outputs.push_back(reader.bytes());
    if (reader.number() == 7) raw_input_contents.push_back(reader.bytes());
    if (std::max({inputs.size(), outputs.size(), raw_input_contents.size()}) > kMostParts) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the message has more than ", kMostParts, " inputs, outputs or raw_input_contents; send what the model has"));
    }
  }
  parameters = KserveParameters(message, 4, any_parameters);
  return absl::OkStatus();
}

}  // namespace lamina::server
