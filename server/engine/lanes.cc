#include "server/engine/lanes.h"

#include <algorithm>
#include <utility>

#include "server/api/status_macros.h"
#include "server/engine/compile_properties.h"
#include "server/engine/ov_error.h"

namespace lamina::server {
namespace {

// Of the thread, whatever the model: threads that ask at the same time soon have different ones.
thread_local size_t last_lane = 0;

}  // namespace

ov::AnyMap LaneProperties(const ModelConfig& config) {
  ov::AnyMap properties;
  for (const auto& [name, value] : CompileProperties(config, "")) properties.emplace(name, value);
  properties.erase("PERFORMANCE_HINT");
  properties["NUM_STREAMS"] = "1";
  properties["INFERENCE_NUM_THREADS"] = 1;
  // A pinned thread costs two system calls an inference, of 3 us each.
  properties["ENABLE_CPU_PINNING"] = false;
  // So it does not bind the thread to "any core" and back either, three system calls: OnOneThread() sees to the
  // threads.
  properties["EXCLUSIVE_ASYNC_REQUESTS"] = true;
  return properties;
}

std::shared_ptr<ov::Model> ForRows(const std::shared_ptr<ov::Model>& model, int64_t rows) {
  std::map<ov::Output<ov::Node>, ov::PartialShape> shapes;
  const std::shared_ptr<ov::Model> fixed = model->clone();
  bool open = false;
  for (const ov::Output<ov::Node>& input : fixed->inputs()) {
    ov::PartialShape shape = input.get_partial_shape();
    if (shape.rank().is_dynamic() || shape.size() == 0) return nullptr;
    open |= shape[0].is_dynamic();
    if (shape[0].is_dynamic() && shape[0].compatible(ov::Dimension(rows))) shape[0] = rows;
    if (shape.is_dynamic()) return nullptr;
    shapes[input] = shape;
  }
  if (!open) return nullptr;
  fixed->reshape(shapes);
  return fixed;
}

HeldLane::HeldLane(std::vector<LaneRequests>& lanes) : lanes_(lanes) {
  for (size_t i = 0; i < lanes_.size(); ++i) {
    number_ = (last_lane + i) % lanes_.size();
    if (lanes_[number_].mutex.TryLock()) {
      last_lane = number_;
      return;
    }
  }
  number_ = last_lane % lanes_.size();
  lanes_[number_].mutex.Lock();
}

HeldLane::~HeldLane() { lanes_[number_].mutex.Unlock(); }

bool Lanes::TakesRow(const InferCall& call) const {
  if (!row_ports) return false;
  for (size_t i = 0; i < call.inputs.size(); ++i) {
    const std::vector<int64_t>& wanted = row_ports->inputs()[i].info.shape;
    if (!std::equal(wanted.begin(), wanted.end(), call.inputs[i]->shape.begin(), call.inputs[i]->shape.end()))
      return false;
  }
  return true;
}

bool MayUseLanes(const ModelConfig& config) {
  if (config.target_device != "CPU") return false;
  const auto& given = config.plugin_config;
  return std::none_of(given.begin(), given.end(), [](const auto& property) {
    const std::string& name = property.first;
    return name == "NUM_STREAMS" || name == "INFERENCE_NUM_THREADS" || name == "PERFORMANCE_HINT" ||
           name == "ENABLE_CPU_PINNING";
  });
}

absl::StatusOr<Lanes> CompileLanes(ov::Core& core, const std::shared_ptr<ov::Model>& model, const ModelConfig& config,
                                   const NameMapping& names, size_t count) {
  Lanes lanes;
  const ov::AnyMap properties = LaneProperties(config);
  std::shared_ptr<ov::Model> row;
  // A model that cannot be reshaped to a row is served without.
  (void)CatchOv("reshape", absl::StatusCode::kInternal, [&] { row = ForRows(model, 1); });
  if (row) {
    LAMINA_ASSIGN_OR_RETURN(lanes.row_ports, Ports::Of(*row, names));
  }
  LAMINA_RETURN_IF_ERROR(CatchOv("cannot compile it for single threads", absl::StatusCode::kFailedPrecondition, [&] {
    for (size_t i = 0; i < count; ++i) {
      Lane& lane = lanes.lanes.emplace_back();
      lane.any = core.compile_model(model, config.target_device, properties);
      if (row) lane.row = core.compile_model(row, config.target_device, properties);
    }
  }));
  return lanes;
}

}  // namespace lamina::server
