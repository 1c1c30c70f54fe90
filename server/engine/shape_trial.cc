#include "server/engine/shape_trial.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/engine/ov_error.h"

namespace lamina::server {
namespace {

constexpr size_t kMostRemembered = 4096;

std::vector<int64_t> KeyOf(const InferCall& call) {
  std::vector<int64_t> key;
  for (const InputTensor* input : call.inputs) {
    key.push_back(static_cast<int64_t>(input->shape.size()));
    key.insert(key.end(), input->shape.begin(), input->shape.end());
  }
  return key;
}

std::vector<ov::PartialShape> ShapesOf(const InferCall& call) {
  std::vector<ov::PartialShape> shapes;
  for (const InputTensor* input : call.inputs)
    shapes.emplace_back(std::vector<ov::Dimension>(input->shape.begin(), input->shape.end()));
  return shapes;
}

/// The model's, with 1 for every dimension that is open.
std::vector<ov::PartialShape> Ones(const ov::Model& model) {
  std::vector<ov::PartialShape> shapes;
  for (const auto& input : model.inputs()) {
    ov::PartialShape& shape = shapes.emplace_back(input.get_partial_shape());
    if (shape.rank().is_dynamic()) continue;
    for (ov::Dimension& dimension : shape) {
      if (dimension.is_dynamic()) dimension = 1;
    }
  }
  return shapes;
}

}  // namespace

absl::Status ShapeTrial::TakeOn(const std::vector<ov::PartialShape>& shapes) {
  try {
    if (!model_) model_ = given_->clone();
    std::map<ov::Output<ov::Node>, ov::PartialShape> wanted;
    for (size_t i = 0; i < shapes.size(); ++i) wanted[model_->input(i)] = shapes[i];
    model_->reshape(wanted);
    return absl::OkStatus();
  } catch (...) {
    return CurrentException(absl::StrCat(owner_, ": the shapes of its inputs do not fit together"),
                            absl::StatusCode::kInvalidArgument);
  }
}

absl::Status ShapeTrial::Check(const InferCall& call) {
  std::vector<int64_t> key = KeyOf(call);
  MutexLock lock(mutex_);
  if (fit_.contains(key)) return absl::OkStatus();
  if (!model_) judges_ = TakeOn(Ones(*given_)).ok();
  absl::Status status = TakeOn(ShapesOf(call));
  if (!status.ok()) return judges_ ? status : absl::UnknownError("it has not taken any shapes yet");
  judges_ = true;
  if (fit_.size() >= kMostRemembered) fit_.clear();
  fit_.insert(std::move(key));
  return absl::OkStatus();
}

}  // namespace lamina::server
