#include "server/engine/name_mapping.h"

#include <simdjson.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

constexpr char kFile[] = "mapping_config.json";
constexpr char kForm[] = R"(expected {"inputs": {"tensor": "alias"}, "outputs": {"tensor": "alias"}})";

absl::Status Wrong(const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat(kFile, ": ", what, "; ", kForm));
}

absl::Status ReadPart(simdjson::dom::element part, const std::string& key, std::map<std::string, std::string>& names) {
  simdjson::dom::object entries;
  if (part.get(entries)) return Wrong(absl::StrCat("\"", key, "\" is not an object"));
  for (const auto [tensor, value] : entries) {
    std::string_view alias;
    if (value.get(alias) || alias.empty())
      return Wrong(absl::StrCat("the alias of \"", std::string(tensor), "\" is not a name"));
    names[std::string(tensor)] = std::string(alias);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NameMapping> ParseNameMapping(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (const auto error = parser.parse(json.data(), json.size()).get(document))
    return Wrong(simdjson::error_message(error));
  simdjson::dom::object parts;
  if (document.get(parts)) return Wrong("it holds no object");
  NameMapping mapping;
  for (const auto [key, part] : parts) {
    if (key == "inputs") {
      LAMINA_RETURN_IF_ERROR(ReadPart(part, "inputs", mapping.inputs));
    } else if (key == "outputs") {
      LAMINA_RETURN_IF_ERROR(ReadPart(part, "outputs", mapping.outputs));
    } else {
      return Wrong(absl::StrCat("unknown key \"", std::string(key), "\""));
    }
  }
  return mapping;
}

absl::StatusOr<NameMapping> ReadNameMapping(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFile;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return NameMapping{};
  std::ifstream file(path);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  if (file.bad() || !file.is_open()) return absl::PermissionDeniedError(absl::StrCat("cannot read ", path.string()));
  return ParseNameMapping(json);
}

}  // namespace lamina::server
