#include "server/protocols/kserve/rest_request.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/find_twice.h"
#include "server/protocols/http/json_body.h"
#include "server/protocols/most_parts.h"

namespace lamina::server {
namespace {

/// `wrong` with what to do if `body`, whose JSON's size is not told, goes on behind a whole value.
absl::Status ExplainBinary(absl::Status wrong, std::string_view body) {
  JsonReader json(body);
  if (!json.Skip() || json.Finish()) return wrong;
  return absl::Status(wrong.code(),
                      absl::StrCat(wrong.message(), "; binary tensors behind the JSON need its size in the header ",
                                   "Inference-Header-Content-Length"));
}

}  // namespace

absl::Status KserveRestRequest::Read(std::string_view body, std::string_view json_size,
                                     const SharedMemory& shared_memory) {
  LAMINA_ASSIGN_OR_RETURN(const RestBody parts, SplitRestBody(body, json_size));
  JsonReader& json = json_.emplace(parts.json);
  if (!ReadJson(json)) {
    absl::Status wrong = BodyError(parts.json, json.status());
    return json_size.empty() ? ExplainBinary(std::move(wrong), body) : wrong;
  }
  LAMINA_RETURN_IF_ERROR(CheckNames());
  LAMINA_RETURN_IF_ERROR(TakeBinary(parts));
  LAMINA_RETURN_IF_ERROR(TakeShared(shared_memory));
  tensors_.reserve(inputs_.size());
  for (const KserveRestInput& input : inputs_) tensors_.push_back(input.tensor());
  return absl::OkStatus();
}

bool KserveRestRequest::ReadJson(JsonReader& json) {
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    if (!ReadMember(json, key)) return false;
  }
  if (!json.Finish()) return false;
  return has_inputs_ || json.Fail("inputs is missing; send a list of the model's inputs");
}

bool KserveRestRequest::ReadMember(JsonReader& json, std::string_view key) {
  if (key == "id") return json.ReadString(id_.emplace());
  if (key == "parameters") return ReadParameters(json);
  if (key == "inputs") return ReadInputs(json);
  if (key == "outputs") return ReadOutputs(json);
  return json.Skip();
}

bool KserveRestRequest::ReadParameters(JsonReader& json) {
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    if (key == "binary_data_output") {
      if (!json.ReadBool(all_binary_)) return false;
    } else if (key == "timeout") {
      uint32_t timeout_us = 0;  // up to 71 minutes
      if (!json.ReadNumber(timeout_us)) return false;
      if (timeout_us > 0) timeout_ = std::chrono::microseconds(timeout_us);
    } else if (!json.Skip()) {
      return false;
    }
  }
  return json.ok();
}

bool KserveRestRequest::ReadInputs(JsonReader& json) {
  has_inputs_ = true;
  for (json.BeginArray(); json.NextElement();) {
    if (inputs_.size() == kMostParts) return json.Fail(absl::StrCat("more than ", kMostParts, " inputs"));
    const size_t begin = json.position();
    KserveRestInput& input = inputs_.emplace_back();
    if (input.Read(json)) {
      if (!input.name().empty()) continue;
      return json.Fail(absl::StrCat("inputs[", inputs_.size() - 1, "] has no name"), begin);
    }
    return json.FailIn(input.name().empty() ? absl::StrCat("inputs[", inputs_.size() - 1, "]")
                                            : absl::StrCat("input '", std::string(input.name()), "'"));
  }
  return json.ok();
}

bool KserveRestRequest::ReadOutputs(JsonReader& json) {
  for (json.BeginArray(); json.NextElement();) {
    if (output_names_.size() == kMostParts) return json.Fail(absl::StrCat("more than ", kMostParts, " outputs"));
    if (!ReadOutput(json)) return json.FailIn(absl::StrCat("outputs[", output_names_.size() - 1, "]"));
  }
  return json.ok();
}

bool KserveRestRequest::ReadOutput(JsonReader& json) {
  std::string_view& name = output_names_.emplace_back();
  std::optional<bool>& binary = output_binary_.emplace_back();
  RestSharedPlace shared;
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    const bool read = key == "name"         ? json.ReadString(name)
                      : key == "parameters" ? ReadOutputParameters(json, binary, shared)
                                            : json.Skip();
    if (!read) return false;
  }
  if (!json.ok() || !shared.Complete(json)) return false;
  if (name.empty()) return json.Fail("has no name");
  if (const auto place = shared.place()) output_places_.emplace_back(name, *place);
  return true;
}

bool KserveRestRequest::ReadOutputParameters(JsonReader& json, std::optional<bool>& binary, RestSharedPlace& shared) {
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    if (key == "binary_data") {
      if (!json.ReadBool(binary.emplace())) return false;
    } else if (RestSharedPlace::IsParameter(key)) {
      if (!shared.ReadParameter(json, key)) return false;
    } else if (key == "classification") {
      return json.Fail("the parameter classification is not supported; leave it out, and the tensor comes as it is");
    } else if (!json.Skip()) {
      return false;
    }
  }
  return json.ok();
}

absl::Status KserveRestRequest::CheckNames() const {
  std::vector<std::string_view> names;
  if (inputs_.size() > 1) {
    for (const KserveRestInput& input : inputs_) names.push_back(input.name());
  }
  if (const auto twice = FindTwice(std::move(names))) {
    return absl::InvalidArgumentError(
        absl::StrCat("input '", std::string(*twice), "' is there twice; send each input once"));
  }
  if (const auto twice = FindTwice(output_names_)) {
    return absl::InvalidArgumentError(absl::StrCat("output '", std::string(*twice), "' is asked for twice; ask once"));
  }
  return absl::OkStatus();
}

absl::Status KserveRestRequest::TakeBinary(const RestBody& body) {
  std::string_view rest = body.binary;
  for (KserveRestInput& input : inputs_) {
    if (!input.binary_size()) continue;
    if (*input.binary_size() > rest.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("input '", std::string(input.name()), "': binary_data_size is ", *input.binary_size(), ", but ",
                       rest.size(), " bytes are left of the ", body.binary.size(),
                       " behind the JSON; send all of the tensor, and the JSON's size in ",
                       "the header Inference-Header-Content-Length"));
    }
    LAMINA_RETURN_IF_ERROR(input.TakeBinary(rest.substr(0, *input.binary_size()), json_->memory()));
    rest.remove_prefix(*input.binary_size());
  }
  if (rest.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(rest.size(), " bytes of ", body.binary.size(),
                                                 " behind the JSON belong to no input; their binary_data_size must add "
                                                 "up to all of them"));
}

absl::Status KserveRestRequest::TakeShared(const SharedMemory& shared_memory) {
  for (KserveRestInput& input : inputs_) {
    if (!input.is_shared()) continue;
    LAMINA_RETURN_IF_ERROR(input.TakeShared(shared_memory, json_->memory()));
  }
  for (const auto& [name, place] : output_places_) {
    LAMINA_RETURN_IF_ERROR(shared_outputs_.Add(name, place, shared_memory));
  }
  return absl::OkStatus();
}

bool KserveRestRequest::IsBinary(size_t output) const {
  if (output >= output_binary_.size()) return all_binary_;
  return output_binary_[output].value_or(all_binary_);
}

}  // namespace lamina::server
