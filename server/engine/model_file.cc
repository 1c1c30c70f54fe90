#include "server/engine/model_file.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lamina::server {
namespace {

namespace fs = std::filesystem;

struct Format {
  const char* extension;
  const char* platform;
};

// In the order in which they count.
constexpr Format kFormats[] = {
    {".xml", "openvino"}, {".onnx", "onnx"}, {".pb", "tensorflow"}, {".pdmodel", "paddle"}, {".tflite", "tflite"},
};
constexpr char kSavedModel[] = "saved_model.pb";
constexpr char kAccepted[] = "*.xml, *.onnx, saved_model.pb, *.pb, *.pdmodel or *.tflite";

bool IsSavedModel(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / kSavedModel, ignored);
}

const Format* FormatOf(const fs::path& file) {
  const std::string extension = file.extension().string();
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& format) { return extension == format.extension; });
  return found == std::end(kFormats) ? nullptr : found;
}

absl::StatusOr<ModelFile> FromFolder(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed))
    entries.push_back(it->path());
  if (failed)
    return absl::PermissionDeniedError(
        absl::StrCat("cannot read the folder ", folder.string(), ": ", failed.message()));
  std::sort(entries.begin(), entries.end());
  for (const Format& format : kFormats) {
    if (std::string(format.platform) == "tensorflow") {
      if (IsSavedModel(folder)) return ModelFile{folder, format.platform};
      for (const fs::path& entry : entries) {
        if (entry.extension() == ".saved_model" && IsSavedModel(entry)) return ModelFile{entry, format.platform};
      }
    }
    std::vector<std::string> found;
    for (const fs::path& entry : entries) {
      if (entry.extension() == format.extension && fs::is_regular_file(entry, failed)) found.push_back(entry.string());
    }
    if (found.size() > 1) {
      return absl::FailedPreconditionError(absl::StrCat("the folder holds ", found.size(), " models (",
                                                        absl::StrJoin(found, ", "),
                                                        ") where one is expected; keep one"));
    }
    if (found.size() == 1) return ModelFile{found[0], format.platform};
  }
  const auto version = std::find_if(entries.begin(), entries.end(),
                                    [](const fs::path& entry) { return VersionOfFolder(entry).has_value(); });
  if (version != entries.end())
    return absl::NotFoundError(absl::StrCat("no model in the folder ", folder.string(),
                                            ", but folders of versions; name one of them, ", version->string()));
  return absl::NotFoundError(
      absl::StrCat("no model in the folder ", folder.string(), "; put one of ", kAccepted, " there"));
}

}  // namespace

std::optional<int64_t> VersionOfFolder(const fs::path& folder) {
  int64_t number = 0;
  std::error_code ignored;
  if (!absl::SimpleAtoi(folder.filename().string(), &number) || number <= 0 || !fs::is_directory(folder, ignored))
    return std::nullopt;
  return number;
}

absl::StatusOr<ModelFile> FindModelFile(const fs::path& path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (fs::is_directory(status)) return FromFolder(path);
  if (!fs::exists(status)) return absl::NotFoundError(absl::StrCat("there is no ", path.string()));
  const Format* format = fs::is_regular_file(status) ? FormatOf(path) : nullptr;
  if (format != nullptr) return ModelFile{path, format->platform};
  return absl::FailedPreconditionError(absl::StrCat(path.string(), " is not a model file; expected ", kAccepted));
}

}  // namespace lamina::server
