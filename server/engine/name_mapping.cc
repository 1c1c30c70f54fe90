#include "server/engine/name_mapping.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/api/file_kind.h"
#include "server/api/status_macros.h"
#include "server/config/json_field.h"
#include "server/config/parse_json.h"

namespace lamina::server {
namespace {

constexpr char kFile[] = "mapping_config.json";
constexpr char kForm[] = R"(expected {"inputs": {"tensor": "alias"}, "outputs": {"tensor": "alias"}})";

absl::Status Wrong(const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat(kFile, ": ", what, "; ", kForm));
}

void ReadPart(const JsonField& part, std::map<std::string, std::string>& names) {
  part.ForEachMember([&](std::string_view tensor, const JsonField& field) {
    const std::optional<std::string> alias = field.Text();
    if (alias && alias->empty()) field.Refuse("an empty name; give one, or leave the tensor out");
    if (alias) names.emplace(tensor, *alias);
  });
}

}  // namespace

absl::StatusOr<NameMapping> ParseNameMapping(std::string_view json) {
  simdjson::dom::parser parser;
  const absl::StatusOr<simdjson::dom::element> root = ParseJson(json, parser);
  if (!root.ok()) return Wrong(std::string(root.status().message()));
  NameMapping mapping;
  std::vector<std::string> problems;
  JsonField{*root, "", &problems}.ForEachMember([&](std::string_view key, const JsonField& part) {
    if (key == "inputs") return ReadPart(part, mapping.inputs);
    if (key == "outputs") return ReadPart(part, mapping.outputs);
    part.Refuse("unknown key");
  });
  if (!problems.empty()) return Wrong(absl::StrJoin(problems, "; "));
  return mapping;
}

absl::StatusOr<NameMapping> ReadNameMapping(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFile;
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) return NameMapping{};
  LAMINA_RETURN_IF_ERROR(CheckHasEnd(path));
  if (!std::filesystem::is_regular_file(status))
    return absl::FailedPreconditionError(absl::StrCat(path.string(), " is not a regular file; put one there"));
  std::ifstream file(path);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  if (file.bad() || !file.is_open()) return absl::PermissionDeniedError(absl::StrCat("cannot read ", path.string()));
  return ParseNameMapping(json);
}

}  // namespace lamina::server
