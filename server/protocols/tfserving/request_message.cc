#include "server/protocols/tfserving/request_message.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/protocols/most_parts.h"
#include "server/protocols/wire/wire_schema.h"

namespace lamina::server {
namespace {

// The fields of proto/tensorflow*/, those that protobuf checks; by number from 0.
constexpr WireField kText = {WireCheck::kText};
constexpr WireField kVarints = {WireCheck::kVarints};
constexpr WireSchema kInt64Value = {};
constexpr WireField kModelSpecFields[] = {{}, kText, {WireCheck::kMessage, &kInt64Value}, kText, kText};
constexpr WireSchema kModelSpec = {kModelSpecFields};
constexpr WireField kDimFields[] = {{}, {}, kText};
constexpr WireSchema kDim = {kDimFields};
constexpr WireField kShapeFields[] = {{}, {}, {WireCheck::kMessage, &kDim}};
constexpr WireSchema kShape = {kShapeFields};
constexpr WireField kTensorFields[] = {{},
                                       {},
                                       {WireCheck::kMessage, &kShape},
                                       {},
                                       {},
                                       {WireCheck::kFixed32s},  // 5, float_val
                                       {WireCheck::kFixed64s},
                                       kVarints,  // 7, int_val
                                       {},
                                       {},
                                       kVarints,  // 10, int64_val
                                       kVarints,
                                       {},
                                       kVarints,  // 13, half_val
                                       {},
                                       {},
                                       kVarints,  // 16, uint32_val
                                       kVarints};
constexpr WireSchema kTensor = {kTensorFields};
constexpr WireField kEntryFields[] = {{}, kText, {WireCheck::kMessage, &kTensor}};
constexpr WireSchema kEntry = {kEntryFields};
constexpr WireField kRequestFields[] = {{}, {WireCheck::kMessage, &kModelSpec}, {WireCheck::kMessage, &kEntry}, kText};
constexpr WireSchema kRequest = {kRequestFields};

/// So many inputs are compared name by name.
constexpr size_t kFewInputs = 8;

int64_t ReadDim(WireBytes message) {
  int64_t size = 0;
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.Is(1, WireType::kVarint)) size = static_cast<int64_t>(reader.value());
  }
  return size;
}

}  // namespace

void TfModelSpec::Merge(WireBytes message) {
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.type() != WireType::kBytes) continue;
    if (reader.number() == 1) name = reader.text();
    if (reader.number() == 3) signature_name = reader.text();
    if (reader.number() == 2) {
      version_label.reset();
      if (!version) version = 0;
      WireReader value(reader.bytes());
      while (value.Next()) {
        if (value.Is(1, WireType::kVarint)) version = static_cast<int64_t>(value.value());
      }
    }
    if (reader.number() == 4) {
      version.reset();
      version_label = reader.text();
    }
  }
}

TfTensorMessage::TfTensorMessage(const WirePieces& pieces, absl::InlinedVector<int64_t, 16>& shape) {
  for (const WireBytes piece : pieces) {
    WireReader reader(piece);
    while (reader.Next()) {
      if (reader.Is(1, WireType::kVarint)) dtype = static_cast<int32_t>(reader.value());
      if (reader.Is(4, WireType::kBytes)) tensor_content = reader.text();
      if (!reader.Is(2, WireType::kBytes)) continue;
      WireReader sizes(reader.bytes());
      while (sizes.Next()) {
        if (sizes.Is(2, WireType::kBytes) && shape.size() <= kMostParts) shape.push_back(ReadDim(sizes.bytes()));
        if (sizes.Is(3, WireType::kVarint)) unknown_rank = sizes.value() != 0;
      }
    }
  }
}

absl::Status TfRequestMessage::Read(WireBytes message) {
  if (const auto fault = FindFault(message, kRequest)) {
    return absl::InvalidArgumentError(absl::StrCat("the message is no tensorflow.serving.PredictRequest: byte ",
                                                   fault->offset, " of ", message.size(), " begins ", fault->what,
                                                   "; send one that a protobuf library has written"));
  }
  WireReader reader(message);
  while (reader.Next()) {
    if (reader.type() != WireType::kBytes) continue;
    if (reader.number() == 1) model_spec_.Merge(reader.bytes());
    if (reader.number() == 2) AddInput(reader.bytes());
    if (reader.number() == 3) output_filter_.push_back(reader.text());
    if (std::max(inputs_.size(), output_filter_.size()) > kMostParts) {
      return absl::InvalidArgumentError(
          absl::StrCat("the message has more than ", kMostParts, " inputs or outputs; send what the model has"));
    }
  }
  return absl::OkStatus();
}

void TfRequestMessage::AddInput(WireBytes entry) {
  std::string_view name;
  WireReader keys(entry);
  while (keys.Next()) {
    if (keys.Is(1, WireType::kBytes)) name = keys.text();
  }
  WirePieces& tensor = InputNamed(name).tensor;
  tensor.clear();
  WireReader values(entry);
  while (values.Next()) {
    if (values.Is(2, WireType::kBytes)) tensor.push_back(values.bytes());
  }
}

TfInputMessage& TfRequestMessage::InputNamed(std::string_view name) {
  size_t place = inputs_.size();
  if (place <= kFewInputs) {
    for (TfInputMessage& input : inputs_) {
      if (input.name == name) return input;
    }
  } else {
    if (index_.empty()) {
      for (size_t i = 0; i < inputs_.size(); ++i) index_.emplace(inputs_[i].name, i);
    }
    place = index_.emplace(name, place).first->second;
  }
  if (place == inputs_.size()) inputs_.emplace_back().name = name;
  return inputs_[place];
}

}  // namespace lamina::server
