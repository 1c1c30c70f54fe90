#include "prepare/prepare.h"

#include <climits>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "prepare/check.h"
#include "prepare/external_data.h"
#include "prepare/mapped_file.h"
#include "prepare/prepare_model.h"
#include "prepare/rewrites/rewrites.h"
#include "prepare/sort_nodes.h"
#include "prepare/unknown_operators.h"

namespace lamina::prepare {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<Prepared> PrepareBytes(std::string_view bytes, const Options& options) {
  onnx::Model model;
  if (absl::Status status = ParseModel(bytes, model); !status.ok()) return status;
  absl::StatusOr<Report> report = PrepareModel(model, options);
  if (!report.ok()) return report.status();
  if (report->changes.empty()) return Prepared{std::string(bytes), *std::move(report)};
  absl::StatusOr<std::string> prepared = Serialize(model);
  if (!prepared.ok()) return prepared.status();
  return Prepared{*std::move(prepared), *std::move(report)};
}

/// Writes the file as a whole or not at all.
absl::Status WriteFile(const fs::path& path, std::string_view bytes) {
  const fs::path unfinished = path.string() + ".unfinished";
  std::ofstream file(unfinished, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(unfinished, path, error);
  if (file && !error) return absl::OkStatus();
  fs::remove(unfinished, error);
  return absl::InternalError(
      absl::StrCat(path.string(), " cannot be written; is its folder there, writable and not full?"));
}

std::string Line(const Change& change) {
  return absl::StrCat(OperatorName(change.domain, change.operator_name), " (", change.count,
                      change.count == 1 ? " node): " : " nodes): ", change.what);
}

/// The original is not written over, and ONNX is not written under the name of another format.
absl::Status CheckOut(const fs::path& in, const fs::path& out) {
  std::error_code missing;
  if (fs::equivalent(in, out, missing))
    return absl::InvalidArgumentError(
        absl::StrCat(out.string(), " is the model that is read; give the prepared one a name of its own"));
  if (out.extension() == ".xml")
    return absl::InvalidArgumentError(
        absl::StrCat(out.string(), " would be an ONNX model, whatever its name; call it *.onnx"));
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> Report::Lines() const {
  std::vector<std::string> lines;
  for (const Change& change : changes) lines.push_back(Line(change));
  for (const Change& warning : warnings) lines.push_back(absl::StrCat(kWarning, Line(warning)));
  return lines;
}

absl::Status Annotate(const absl::Status& status, std::string_view model) {
  return absl::Status(status.code(), absl::StrCat(std::string(model), ": ", std::string(status.message())));
}

absl::StatusOr<Report> PrepareModel(onnx::Model& model, const Options& options) {
  if (absl::Status status = CheckModel(model); !status.ok()) return status;
  if (absl::Status status = SortNodes(model); !status.ok()) return status;
  const Layers layers(options.layers);
  Context context(model, layers);
  for (const Rewrite rewrite : Rewrites()) {
    if (absl::Status status = rewrite(context); !status.ok()) return status;
  }
  context.report.unknown = FindUnknownOperators(context);
  return std::move(context.report);
}

absl::StatusOr<std::string> Serialize(const onnx::Model& model) {
  const size_t size = model.ByteSizeLong();
  std::string bytes;
  if (size > INT_MAX || !model.SerializeToString(&bytes)) {
    return absl::InvalidArgumentError(absl::StrCat("prepared, it would have ", size,
                                                   " bytes, an ONNX file has at most 2147483647; save its weights as "
                                                   "external data"));
  }
  return bytes;
}

absl::StatusOr<Prepared> Prepare(std::string_view model, const Options& options) {
  absl::StatusOr<Prepared> prepared = PrepareBytes(model, options);
  return prepared.ok() ? std::move(prepared) : Annotate(prepared.status(), "the model");
}

absl::StatusOr<Prepared> PrepareFile(const fs::path& path, const Options& options) {
  absl::StatusOr<std::shared_ptr<const MappedFile>> file = MappedFile::Open(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<Prepared> prepared = PrepareBytes((*file)->bytes(), options);
  return prepared.ok() ? std::move(prepared) : Annotate(prepared.status(), path.string());
}

absl::StatusOr<Report> PrepareToFile(const fs::path& in, const fs::path& out, const Options& options) {
  if (absl::Status status = CheckOut(in, out); !status.ok()) return status;
  absl::StatusOr<Prepared> prepared = PrepareFile(in, options);
  if (!prepared.ok()) return prepared.status();
  if (absl::Status status = UnknownOperatorsError(prepared->report, in.string()); !status.ok()) return status;
  onnx::Model model;
  if (absl::Status status = ParseModel(prepared->model, model); !status.ok()) return Annotate(status, in.string());
  if (absl::Status status = BringExternalData(model, in.parent_path(), out.parent_path()); !status.ok()) return status;
  if (absl::Status status = WriteFile(out, prepared->model); !status.ok()) return status;
  return std::move(prepared->report);
}

}  // namespace lamina::prepare
