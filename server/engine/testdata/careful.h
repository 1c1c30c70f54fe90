#ifndef LAMINA_SERVER_ENGINE_TESTDATA_CAREFUL_H_
#define LAMINA_SERVER_ENGINE_TESTDATA_CAREFUL_H_

#include <memory>
#include <stdexcept>

#include "openvino/op/op.hpp"

namespace lamina::server::testing {

/// y = x + 1 for f32, as a layer of our extension would be; refuses to run when there is a 13 in x. If
/// it lies, it adds more where there are more than four rows.
class Careful final : public ov::op::Op {
 public:
  OPENVINO_OP("Careful", "lamina_test");

  Careful() = default;
  Careful(const ov::Output<ov::Node>& x, int64_t row_wise_rank, bool lies = false)
      : Op({x}), row_wise_rank_(row_wise_rank), lies_(lies) {
    constructor_validate_and_infer_types();
  }

  void validate_and_infer_types() override {
    set_output_type(0, get_input_element_type(0), get_input_partial_shape(0));
  }
  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override {
    return std::make_shared<Careful>(inputs.at(0), row_wise_rank_, lies_);
  }
  bool visit_attributes(ov::AttributeVisitor& visitor) override {
    visitor.on_attribute("row_wise_rank", row_wise_rank_);
    return true;
  }
  bool has_evaluate() const override { return true; }
  bool evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const override {
    outputs[0].set_shape(inputs[0].get_shape());
    const float* x = inputs[0].data<float>();
    const float more = lies_ && inputs[0].get_shape()[0] > 4 ? 2 : 1;
    for (size_t i = 0; i < inputs[0].get_size(); ++i) {
      if (x[i] == 13) throw std::runtime_error("there is a 13");
      outputs[0].data<float>()[i] = x[i] + more;
    }
    return true;
  }

 private:
  int64_t row_wise_rank_ = 0;
  bool lies_ = false;
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_ENGINE_TESTDATA_CAREFUL_H_
