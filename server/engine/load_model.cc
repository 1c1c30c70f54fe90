#include "server/engine/load_model.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "openvino/runtime/core.hpp"
#include "openvino/runtime/properties.hpp"
#include "prepare/layers_of.h"
#include "prepare/read_model.h"
#include "server/api/status_macros.h"
#include "server/engine/add_extensions.h"
#include "server/engine/compile_properties.h"
#include "server/engine/heap_trim.h"
#include "server/engine/kept_signal_stack.h"
#include "server/engine/lanes.h"
#include "server/engine/model_file.h"
#include "server/engine/name_mapping.h"
#include "server/engine/ov_error.h"
#include "server/engine/ov_model.h"
#include "server/engine/reshape.h"
#include "server/engine/unknown_device.h"
#include "server/engine/unknown_property.h"
#include "server/engine/warm_up.h"

namespace lamina::server {
namespace {

constexpr absl::StatusCode kCannotLoad = absl::StatusCode::kFailedPrecondition;

constexpr char kHowToAddLibraries[] =
    " Libraries are named by --cpu_extension, by the variable CPU_EXTENSION, or for one model by the key "
    "cpu_extension of config.json.";

prepare::ReadOptions WhatIsAtHand(const ExtensionSet& extensions) {
  prepare::ReadOptions options;
  for (const auto& library : extensions.libraries) {
    const std::vector<prepare::LayerBinding> bindings = prepare::LayersOf(library->manifest);
    options.layers.insert(options.layers.end(), bindings.begin(), bindings.end());
    // What operators it takes is not to be seen from outside.
    if (!library->manifest.has_layers()) options.native_libraries = true;
  }
  return options;
}

absl::StatusOr<std::shared_ptr<ov::Model>> Read(ov::Core& core, const ModelFile& file, const std::string& owner,
                                                const ExtensionSet& extensions) {
  absl::StatusOr<prepare::ReadResult> read = prepare::ReadModel(core, file.path, WhatIsAtHand(extensions));
  if (!read.ok()) {
    std::string why = PlainMessage(std::string(read.status().message()));
    // Prepare does not know how its callers are told of libraries.
    if (absl::IsUnimplemented(read.status())) absl::StrAppend(&why, kHowToAddLibraries);
    return absl::Status(read.status().code(), why);
  }
  for (absl::string_view line : read->report.Lines()) {
    const bool warns = absl::ConsumePrefix(&line, prepare::kWarning);
    spdlog::log(warns ? spdlog::level::warn : spdlog::level::info, "{}: {}", owner, std::string(line));
  }
  return std::move(read->model);
}

absl::StatusOr<ov::CompiledModel> Compile(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                                          const LoadRequest& request, const ov::AnyMap& properties) {
  ov::CompiledModel compiled;
  const std::string& device = request.config.target_device;
  absl::Status status =
      CatchOv("cannot compile it", kCannotLoad, [&] { compiled = core.compile_model(model, device, properties); });
  if (status.ok()) return compiled;
  status = ExplainUnknownDevice(std::move(status), core, device);
  return ExplainUnknownProperty(std::move(status), core, device, request.config.plugin_config);
}

LeastTimes Warm(OvModel& model, const std::string& owner) {
  model.BeginWarmUp();
  const absl::Status warm = WarmUp(model);
  const LeastTimes least = model.EndWarmUp();
  if (!warm.ok()) {
    spdlog::debug("{} does not run on zeros and is served without a warm-up: {}", owner, std::string(warm.message()));
  } else {
    spdlog::debug("{} takes {} us of CPU, {} us in all", owner, least.cpu().count() / 1000, least.own().count() / 1000);
  }
  return least;
}

SlotPool::Options QueueOptions(const LoadRequest& request, const ov::CompiledModel& compiled,
                               const std::string& owner) {
  SlotPool::Options options;
  options.owner = owner;
  options.slots =
      request.config.nireq > 0 ? request.config.nireq : compiled.get_property(ov::optimal_number_of_infer_requests);
  options.queue_size = request.config.queue_size;
  options.queue_timeout = request.queue_timeout;
  return options;
}

/// Not every device has the property.
int64_t Streams(const ov::CompiledModel& compiled) {
  int64_t streams = 1;
  (void)CatchOv("streams", kCannotLoad, [&] { streams = compiled.get_property(ov::num_streams).num; });
  return streams;
}

absl::StatusOr<std::unique_ptr<CompiledModel>> Load(const LoadRequest& request, const std::string& owner,
                                                    Timer& timer) {
  LAMINA_ASSIGN_OR_RETURN(ModelFile file, FindModelFile(request.path));
  LAMINA_ASSIGN_OR_RETURN(const NameMapping names, ReadNameMapping(request.path));
  const KeptSignalStack kept;
  ov::Core core;
  // As CompileProperties() does it for this one, where others (AUTO, HETERO, BATCH) put it to use.
  if (request.config.target_device != "CPU") core.set_property("CPU", ov::hint::inference_precision(ov::element::f32));
  LAMINA_RETURN_IF_ERROR(AddExtensions(core, request.extensions));
  LAMINA_ASSIGN_OR_RETURN(std::shared_ptr<ov::Model> model, Read(core, file, owner, request.extensions));
  if (const std::string unknown = UnknownNames(names, *model); !unknown.empty()) spdlog::warn("{}: {}", owner, unknown);
  LAMINA_RETURN_IF_ERROR(ApplyShapes(model, request.config, names));
  LAMINA_RETURN_IF_ERROR(RefuseEmptyGathers(*model));
  LAMINA_ASSIGN_OR_RETURN(Ports ports, Ports::Of(*model, names));
  ov::AnyMap properties;
  for (const auto& [name, value] : CompileProperties(request.config, request.cache_dir))
    properties.emplace(name, value);
  LAMINA_ASSIGN_OR_RETURN(ov::CompiledModel compiled, Compile(core, model, request, properties));
  SlotPool::Options options = QueueOptions(request, compiled, owner);
  OvModel::Parts parts{owner, std::move(file.platform), std::move(ports), std::move(core), std::move(compiled), {}};
  parts.streams = Streams(parts.compiled);
  parts.open = model->is_dynamic();
  parts.config = request.config;
  parts.properties = std::move(properties);
  if (parts.open) parts.model = model;
  auto loaded = std::make_unique<OvModel>(parts, options, timer);
  if (Warm(*loaded, owner).cpu() >= OvModel::kQuick || !MayUseLanes(request.config)) return loaded;
  const size_t cores = std::max(1u, std::thread::hardware_concurrency());
  LAMINA_ASSIGN_OR_RETURN(parts.lanes, CompileLanes(parts.core, model, request.config, names, cores));
  parts.streams = static_cast<int64_t>(cores);
  parts.model = model;
  // Threads of the transport should not have to wait for each other.
  if (request.config.nireq == 0) options.slots = 4 * cores;
  auto on_lanes = std::make_unique<OvModel>(std::move(parts), options, timer);
  // Some models only wait, or have several threads work for them.
  if (Warm(*on_lanes, owner).own() < OvModel::kQuick) return on_lanes;
  return loaded;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CompiledModel>> LoadModel(const LoadRequest& request, Timer& timer) {
  const std::string owner = absl::StrCat("model '", request.config.name, "' version ", request.version);
  absl::StatusOr<std::unique_ptr<CompiledModel>> model = absl::UnknownError("");
  absl::Status thrown = CatchOv("the engine failed", kCannotLoad, [&] { model = Load(request, owner, timer); });
  if (!thrown.ok()) model = std::move(thrown);
  // Reading a model takes many times its size for a moment, which would stay with the process.
  TrimHeapSoon(timer);
  if (!model.ok()) {
    std::string reason = absl::StrCat(owner, " cannot be loaded: ", model.status().message());
    if (!request.extensions.problems.empty()) {
      absl::StrAppend(&reason, reason.ends_with('.') ? "" : ".",
                      " Not loaded either, and perhaps the cause: ", absl::StrJoin(request.extensions.problems, "; "));
    }
    return absl::Status(kCannotLoad, reason);
  }
  return model;
}

}  // namespace lamina::server
