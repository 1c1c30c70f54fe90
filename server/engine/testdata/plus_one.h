#ifndef LAMINA_SERVER_ENGINE_TESTDATA_PLUS_ONE_H_
#define LAMINA_SERVER_ENGINE_TESTDATA_PLUS_ONE_H_

#include <memory>

#include "openvino/op/op.hpp"

namespace lamina::server::testing {

/// y = x + 1 for f32: an operation that the engine does not have.
class PlusOne final : public ov::op::Op {
 public:
  OPENVINO_OP("PlusOne", "lamina_test");

  PlusOne() = default;
  explicit PlusOne(const ov::Output<ov::Node>& x) : Op({x}) { constructor_validate_and_infer_types(); }

  void validate_and_infer_types() override {
    set_output_type(0, get_input_element_type(0), get_input_partial_shape(0));
  }
  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override {
    return std::make_shared<PlusOne>(inputs.at(0));
  }
  bool visit_attributes(ov::AttributeVisitor&) override { return true; }
  bool has_evaluate() const override { return true; }
  bool evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const override {
    outputs[0].set_shape(inputs[0].get_shape());
    const float* x = inputs[0].data<float>();
    for (size_t i = 0; i < inputs[0].get_size(); ++i) outputs[0].data<float>()[i] = x[i] + 1;
    return true;
  }
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_ENGINE_TESTDATA_PLUS_ONE_H_
