// An infer request in JSON; and our JSON reader against simdjson: the same texts are JSON, and say the same.
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "server/json/json_reader.h"
#include "server/protocols/kserve/rest_request.h"
#include "tests/fuzz/check_tensors.h"

namespace lamina::server {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

double NumberOf(const element& value) { return double(value); }

/// Reads a value that simdjson has read, too.
void Compare(JsonReader& json, const element& value) {
  std::string_view text;
  switch (value.type()) {
    case element_type::OBJECT: {
      Require(json.BeginObject());
      for (const auto member : simdjson::dom::object(value)) {
        Require(json.NextMember(text) && text == member.key);
        Compare(json, member.value);
      }
      Require(!json.NextMember(text) && json.ok());
      return;
    }
    case element_type::ARRAY:
      Require(json.BeginArray());
      for (const element item : simdjson::dom::array(value)) {
        Require(json.NextElement());
        Compare(json, item);
      }
      Require(!json.NextElement() && json.ok());
      return;
    case element_type::STRING:
      Require(json.ReadString(text) && text == std::string_view(value));
      return;
    case element_type::BOOL: {
      bool flag = false;
      Require(json.ReadBool(flag) && flag == bool(value));
      return;
    }
    case element_type::NULL_VALUE:
      Require(json.Peek() == JsonKind::kNull && json.Skip());
      return;
    default: {
      double number = 0;
      Require(json.ReadNumber(number) && number == NumberOf(value));
    }
  }
}

void CheckAgainstSimdjson(std::string_view body) {
  static simdjson::dom::parser parser;
  element value;
  const simdjson::error_code error = parser.parse(body.data(), body.size()).get(value);
  JsonReader json(body);
  const bool ours = json.Skip() && json.Finish();
  const std::string why(json.status().message());
  // 1e999 and integers of 65 bits are JSON, but not to simdjson; depth and halves of surrogate pairs are our limits.
  const bool number = error == simdjson::NUMBER_ERROR;
  const bool limit =
      why.find("more than 64 arrays") != std::string::npos || why.find("half of a surrogate pair") != std::string::npos;
  if (ours) Require(error == simdjson::SUCCESS || number);
  if (!ours) Require(error != simdjson::SUCCESS || limit);
  if (!ours || error != simdjson::SUCCESS) return;
  JsonReader again(body);
  Compare(again, value);
}

}  // namespace
}  // namespace lamina::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  lamina::server::CheckAgainstSimdjson(body);
  static const lamina::server::SharedMemory kNoRegions;
  lamina::server::KserveRestRequest request;
  if (request.Read(body, "", kNoRegions).ok()) lamina::server::CheckTensors(request.inputs());
  return 0;
}
