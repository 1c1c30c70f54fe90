#include "prepare/read_model.h"

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "openvino/runtime/core.hpp"
#include "prepare/check.h"
#include "prepare/external_data.h"
#include "prepare/mapped_constants.h"
#include "prepare/prepare_model.h"

namespace lamina::prepare {
namespace {

namespace fs = std::filesystem;

/// What the engine throws becomes a status that names the model.
template <class Read>
absl::StatusOr<std::shared_ptr<ov::Model>> CatchOv(std::string_view model, Read&& read) {
  try {
    return read();
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("OpenVINO cannot read ", std::string(model), ": ", error.what()));
  } catch (...) {
    return absl::InternalError(absl::StrCat("OpenVINO cannot read ", std::string(model), " and does not say why"));
  }
}

using Metadata = google::protobuf::RepeatedPtrField<onnx::StringStringEntry>;

/// Notes in the engine's model what the report's metadata says: the keys of what were maps.
void KeepMetadata(const Metadata& from, ov::Model& to) {
  for (const onnx::StringStringEntry& entry : from) {
    if (entry.key().starts_with("lamina.")) to.set_rt_info(entry.value(), "lamina", entry.key().substr(7));
  }
}

/// One model on its way into the engine.
struct Source {
  std::string name;  // for messages
  std::string_view bytes;
  fs::path folder;  // of its external data
};

// The engine parses the model again: ours, several times as large as its file, is gone by then.
absl::StatusOr<std::shared_ptr<ov::Model>> ReadPrepared(ov::Core& core, const Source& source,
                                                        std::unique_ptr<onnx::Model> model) {
  const auto mappings = MapExternalData(*model, source.folder);
  if (!mappings.ok()) return Annotate(mappings.status(), source.name);
  const absl::StatusOr<std::string> bytes = Serialize(*model);
  if (!bytes.ok()) return Annotate(bytes.status(), source.name);
  model.reset();
  return CatchOv(source.name, [&] { return ReadWithMappings(core, *bytes, *mappings); });
}

/// `untouched` reads the model as it is, for one that needs nothing.
template <class ReadUntouched>
absl::StatusOr<ReadResult> Read(ov::Core& core, const Source& source, const ReadOptions& options,
                                ReadUntouched&& untouched) {
  auto model = std::make_unique<onnx::Model>();
  if (absl::Status status = ParseModel(source.bytes, *model); !status.ok()) return Annotate(status, source.name);
  absl::StatusOr<Report> report = PrepareModel(*model, options);
  if (!report.ok()) return Annotate(report.status(), source.name);
  const absl::Status unknown = UnknownOperatorsError(*report, source.name);
  if (!unknown.ok() && !options.native_libraries) return unknown;
  const Metadata metadata = model->metadata_props();  // also of one that `lamina prepare` wrote, which needs nothing
  if (report->changes.empty()) {
    if (absl::Status status = CheckExternalData(*model, source.folder); !status.ok())
      return Annotate(status, source.name);
    model.reset();
  }
  auto read = model ? ReadPrepared(core, source, std::move(model)) : CatchOv(source.name, untouched);
  if (read.ok()) KeepMetadata(metadata, **read);
  if (!read.ok()) {
    return unknown.ok() ? read.status()
                        : absl::UnimplementedError(
                              absl::StrCat(std::string(unknown.message()), "\n", std::string(read.status().message())));
  }
  return ReadResult{*std::move(read), *std::move(report)};
}

}  // namespace

absl::StatusOr<ReadResult> ReadModel(ov::Core& core, const fs::path& path, const ReadOptions& options) {
  const auto as_it_is = [&] { return core.read_model(path); };
  std::error_code error;
  const bool is_file = fs::is_regular_file(path, error);
  absl::StatusOr<std::shared_ptr<const MappedFile>> file =
      is_file ? MappedFile::Open(path) : absl::StatusOr<std::shared_ptr<const MappedFile>>(nullptr);
  if (!file.ok()) return file.status();
  if (!is_file && fs::is_other(path, error))
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), " is a pipe, a socket or a device, expected a model"));
  if (!is_file || (path.extension() != ".onnx" && !LooksLikeOnnx((*file)->bytes()))) {
    auto read = CatchOv(path.string(), as_it_is);
    if (!read.ok()) return read.status();
    return ReadResult{*std::move(read), {}};
  }
  return Read(core, {path.string(), (*file)->bytes(), path.parent_path()}, options, as_it_is);
}

absl::StatusOr<ReadResult> ReadModelFromMemory(ov::Core& core, std::string_view model, const fs::path& weights_folder,
                                               const ReadOptions& options) {
  const Source source{"the model", model, weights_folder};
  return Read(core, source, options, [&]() -> std::shared_ptr<ov::Model> {
    auto parsed = std::make_unique<onnx::Model>();
    parsed->ParseFromArray(model.data(), static_cast<int>(model.size()));
    auto read = ReadPrepared(core, source, std::move(parsed));
    if (!read.ok()) throw std::runtime_error(std::string(read.status().message()));
    return *std::move(read);
  });
}

}  // namespace lamina::prepare
