#include "server/engine/testing.h"

#include <stdlib.h>

#include <fstream>

#include "openvino/core/graph_util.hpp"
#include "openvino/opsets/opset15.hpp"

namespace lamina::server::testing {

namespace op = ov::opset15;

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "lamina-test.XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

void TemporaryFolder::Write(const std::filesystem::path& name, const std::string& text) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name) << text;
}

std::shared_ptr<ov::Model> Times(float factor, const ov::PartialShape& shape, ov::element::Type type) {
  auto x = std::make_shared<op::Parameter>(type, shape);
  x->set_friendly_name("x");
  x->output(0).set_names({"x"});
  auto y = std::make_shared<op::Multiply>(x, op::Constant::create(type, {}, {factor}));
  y->output(0).set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x}, "times");
}

std::shared_ptr<ov::Model> SameStrings() {
  auto x = std::make_shared<op::Parameter>(ov::element::string, ov::PartialShape{-1});
  x->set_friendly_name("x");
  x->output(0).set_names({"x"});
  auto parts = std::make_shared<op::StringTensorUnpack>(x);
  auto y = std::make_shared<op::StringTensorPack>(parts->output(0), parts->output(1), parts->output(2));
  y->output(0).set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x}, "same_strings");
}

std::shared_ptr<ov::Model> Slow(int64_t size) {
  auto x = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{size, size});
  x->set_friendly_name("x");
  x->output(0).set_names({"x"});
  ov::Output<ov::Node> product = x;
  for (int i = 0; i < 8; ++i) product = std::make_shared<op::MatMul>(product, x);
  product.set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{product}, ov::ParameterVector{x}, "slow");
}

std::shared_ptr<ov::Model> SlowRows(size_t columns) {
  std::vector<float> identity(columns * columns);
  for (size_t i = 0; i < columns; ++i) identity[i * columns + i] = 1;
  auto x = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{-1, static_cast<int64_t>(columns)});
  x->set_friendly_name("x");
  x->output(0).set_names({"x"});
  ov::Output<ov::Node> product = x;
  for (int i = 0; i < 8; ++i) {
    const auto weights = op::Constant::create(ov::element::f32, {columns, columns}, identity);
    product = std::make_shared<op::MatMul>(product, weights);
  }
  product.set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{product}, ov::ParameterVector{x}, "slow_rows");
}

void Save(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  ov::save_model(model, (folder / "model.xml").string(), /*compress_to_fp16=*/false);
}

absl::StatusOr<std::span<std::byte>> KeepingSink::Reserve(size_t index, const TensorInfo& output,
                                                          std::span<const int64_t> shape, size_t byte_size) {
  if (index != order_.size()) return absl::InternalError("outputs come in ascending order");
  order_.push_back(output.name);
  Output& kept = outputs_[output.name];
  kept.shape.assign(shape.begin(), shape.end());
  kept.bytes.resize(byte_size + misalign_);
  return std::span(kept.bytes).subspan(misalign_);
}

absl::Status KeepingSink::PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                     std::span<const std::string> values) {
  if (index != order_.size()) return absl::InternalError("outputs come in ascending order");
  order_.push_back(output.name);
  Output& kept = outputs_[output.name];
  kept.shape.assign(shape.begin(), shape.end());
  kept.strings.assign(values.begin(), values.end());
  return absl::OkStatus();
}

}  // namespace lamina::server::testing
