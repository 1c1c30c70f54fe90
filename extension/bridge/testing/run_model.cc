// A program as a user's: it links OpenVINO alone, adds one extension and runs a model on the CPU, on inputs of ones.
//   run_model EXTENSION MODEL [ROWS]
#include <openvino/openvino.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

ov::Tensor Ones(const ov::Output<const ov::Node>& input, size_t rows) {
  ov::Shape shape;
  for (const auto& dimension : input.get_partial_shape()) {
    shape.push_back(dimension.is_static() ? size_t(dimension.get_length()) : rows);
  }
  ov::Tensor tensor(input.get_element_type(), shape);
  if (input.get_element_type() == ov::element::f32) std::fill_n(tensor.data<float>(), tensor.get_size(), 1.f);
  return tensor;
}

void Print(const ov::Tensor& tensor) {
  for (size_t i = 0; i < tensor.get_size(); ++i) {
    if (tensor.get_element_type() == ov::element::f32) std::cout << tensor.data<float>()[i] << ' ';
    if (tensor.get_element_type() == ov::element::i32) std::cout << tensor.data<int32_t>()[i] << ' ';
    if (tensor.get_element_type() == ov::element::i64) std::cout << tensor.data<int64_t>()[i] << ' ';
  }
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  try {
    ov::Core core;
    core.add_extension(argv[1]);
    auto model = core.compile_model(argv[2], "CPU", ov::hint::inference_precision(ov::element::f32));
    auto request = model.create_infer_request();
    for (const auto& input : model.inputs()) request.set_tensor(input, Ones(input, argc > 3 ? std::atoi(argv[3]) : 1));
    request.infer();
    for (const auto& output : model.outputs()) Print(request.get_tensor(output));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
