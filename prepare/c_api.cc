#include "prepare/c_api.h"

#include <exception>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "prepare/check.h"
#include "prepare/external_data.h"
#include "prepare/layers_of.h"
#include "prepare/prepare_model.h"

namespace prepare = lamina::prepare;

struct lamina_prepared {
  absl::Status status;
  std::string error, unknown, report, model;
  std::vector<std::shared_ptr<const prepare::MappedFile>> mappings;
};

namespace {

prepare::Options OptionsFor(std::span<const char* const> libraries) {
  prepare::Options options;
  for (const char* path : libraries) {
    for (prepare::LayerBinding& binding : prepare::LayersOf(lamina::loader::ReadManifest(path))) {
      options.layers.push_back(std::move(binding));
    }
  }
  return options;
}

/// What every call gives that finds no memory. Made as the library is loaded, and never freed.
lamina_prepared& out_of_memory =
    *new lamina_prepared{.status = absl::ResourceExhaustedError("out of memory"),
                         .error = "the model cannot be prepared: out of memory; free some"};

/// Runs the body on a new result; what it throws or returns becomes the result's error.
template <class Body>
lamina_prepared* Guard(Body&& body) noexcept {
  try {
    auto result = std::make_unique<lamina_prepared>();
    try {
      result->status = body(*result);
    } catch (const std::bad_alloc&) {
      return &out_of_memory;
    } catch (const std::exception& error) {
      result->status = absl::InvalidArgumentError(error.what());
    }
    result->error = std::string(result->status.message());
    return result.release();
  } catch (const std::bad_alloc&) {
    return &out_of_memory;
  }
}

void Tell(const prepare::Report& report, std::string_view model, lamina_prepared& result) {
  result.report = absl::StrJoin(report.Lines(), "\n");
  result.unknown = std::string(prepare::UnknownOperatorsError(report, model).message());
}

absl::Status PrepareBytes(std::string_view bytes, const std::string& name, const std::filesystem::path& folder,
                          const prepare::Options& options, int flags, lamina_prepared& result) {
  lamina::onnx::Model model;
  if (absl::Status status = prepare::ParseModel(bytes, model); !status.ok()) return prepare::Annotate(status, name);
  absl::StatusOr<prepare::Report> report = prepare::PrepareModel(model, options);
  if (!report.ok()) return prepare::Annotate(report.status(), name);
  Tell(*report, name, result);
  if (flags & LAMINA_PREPARE_MAP_WEIGHTS) {
    auto mappings = prepare::MapExternalData(model, folder);
    if (!mappings.ok()) return prepare::Annotate(mappings.status(), name);
    result.mappings = *std::move(mappings);
  }
  absl::StatusOr<std::string> prepared = prepare::Serialize(model);
  if (!prepared.ok()) return prepare::Annotate(prepared.status(), name);
  result.model = *std::move(prepared);
  return absl::OkStatus();
}

}  // namespace

lamina_prepared* lamina_prepare_file(const char* path, const char* const* libraries, size_t count, int flags) {
  return Guard([&](lamina_prepared& result) -> absl::Status {
    auto file = prepare::MappedFile::Open(path);
    if (!file.ok()) return file.status();
    const prepare::Options options = OptionsFor({libraries, count});
    return PrepareBytes((*file)->bytes(), path, std::filesystem::path(path).parent_path(), options, flags, result);
  });
}

lamina_prepared* lamina_prepare_memory(const void* data, size_t size, const char* folder, const char* const* libraries,
                                       size_t count, int flags) {
  return Guard([&](lamina_prepared& result) {
    const prepare::Options options = OptionsFor({libraries, count});
    return PrepareBytes({static_cast<const char*>(data), size}, "the model", folder, options, flags, result);
  });
}

lamina_prepared* lamina_prepare_to_file(const char* in, const char* out, const char* const* libraries, size_t count) {
  return Guard([&](lamina_prepared& result) {
    const absl::StatusOr<prepare::Report> report = prepare::PrepareToFile(in, out, OptionsFor({libraries, count}));
    if (report.ok()) Tell(*report, in, result);
    return report.status();
  });
}

void lamina_prepared_free(lamina_prepared* prepared) {
  if (prepared != &out_of_memory) delete prepared;
}

const char* lamina_prepared_error(const lamina_prepared* prepared) {
  return prepared->status.ok() ? nullptr : prepared->error.c_str();
}

const char* lamina_prepared_unknown(const lamina_prepared* prepared) {
  return prepared->unknown.empty() ? nullptr : prepared->unknown.c_str();
}

const char* lamina_prepared_report(const lamina_prepared* prepared) { return prepared->report.c_str(); }

const void* lamina_prepared_model(const lamina_prepared* prepared, size_t* size) {
  *size = prepared->model.size();
  return prepared->model.data();
}

const void* lamina_prepared_mapping(const lamina_prepared* prepared, size_t index, size_t* size) {
  if (index >= prepared->mappings.size()) return nullptr;
  *size = prepared->mappings[index]->bytes().size();
  return prepared->mappings[index]->bytes().data();
}

int lamina_is_onnx(const char* path) {
  try {
    const auto file = prepare::MappedFile::Open(path);
    return file.ok() && prepare::LooksLikeOnnx((*file)->bytes());
  } catch (const std::bad_alloc&) {
    return 0;
  }
}
