#include "server/engine/model_file.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/api/file_kind.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

namespace fs = std::filesystem;

struct Format {
  const char* extension;
  const char* platform;
  const char* weights = "";  // what the file beside it that has them is called
};

// In the order in which they count.
constexpr Format kFormats[] = {
    {".xml", "openvino", ".bin"},         {".onnx", "onnx"},     {".pb", "tensorflow"},
    {".pdmodel", "paddle", ".pdiparams"}, {".tflite", "tflite"},
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

/// A pipe, too, which is told then.
bool IsThere(const fs::path& file) {
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  return fs::exists(status) && !fs::is_directory(status);
}

absl::StatusOr<ModelFile> FindInFolder(const fs::path& folder) {
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
      if (entry.extension() == format.extension && IsThere(entry)) found.push_back(entry.string());
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

absl::StatusOr<ModelFile> Take(const fs::path& file) {
  if (const Format* format = FormatOf(file)) return ModelFile{file, format->platform};
  return absl::FailedPreconditionError(absl::StrCat(file.string(), " is not a model file; expected ", kAccepted));
}

/// That each file which the engine opens with the model has an end. Those that an ONNX model names are checked when it
/// is read.
absl::Status CheckFiles(const ModelFile& model) {
  LAMINA_RETURN_IF_ERROR(CheckHasEnd(model.path));
  if (const Format* format = FormatOf(model.path); format != nullptr && *format->weights != '\0')
    LAMINA_RETURN_IF_ERROR(CheckHasEnd(fs::path(model.path).replace_extension(format->weights)));
  std::error_code failed;  // of a file, which has nothing below it
  for (fs::recursive_directory_iterator it(model.path, failed), end; !failed && it != end; it.increment(failed))
    LAMINA_RETURN_IF_ERROR(CheckHasEnd(it->path()));
  return absl::OkStatus();
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
  if (!fs::exists(status)) return absl::NotFoundError(absl::StrCat("there is no ", path.string()));
  absl::StatusOr<ModelFile> model = fs::is_directory(status) ? FindInFolder(path) : Take(path);
  if (model.ok()) LAMINA_RETURN_IF_ERROR(CheckFiles(*model));
  return model;
}

}  // namespace lamina::server
