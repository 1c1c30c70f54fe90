// An inference that lasts on a thread that others wait for (WatchedThread).
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "openvino/op/op.hpp"
#include "openvino/op/parameter.hpp"
#include "server/engine/lanes.h"
#include "server/engine/ov_model.h"
#include "server/engine/testing.h"
#include "server/threads/gathering.h"
#include "server/threads/watched_thread.h"

namespace lamina::server {
namespace {

using testing::KeepingSink;

constexpr float kLasts = 9;

/// y = x, when there is no 9 in x any more that waits for Gate::opened.
class Gate final : public ov::op::Op {
 public:
  OPENVINO_OP("Gate", "lamina_test");

  static inline std::promise<void> reached;
  static inline std::shared_future<void> opened;

  Gate() = default;
  explicit Gate(const ov::Output<ov::Node>& x) : Op({x}) { constructor_validate_and_infer_types(); }
  void validate_and_infer_types() override {
    set_output_type(0, get_input_element_type(0), get_input_partial_shape(0));
  }
  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override {
    return std::make_shared<Gate>(inputs.at(0));
  }
  bool has_evaluate() const override { return true; }
  bool evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const override {
    outputs[0].set_shape(inputs[0].get_shape());
    const std::span<const float> x(inputs[0].data<float>(), inputs[0].get_size());
    std::copy(x.begin(), x.end(), outputs[0].data<float>());
    if (std::find(x.begin(), x.end(), kLasts) != x.end()) {
      reached.set_value();
      opened.wait();
    }
    return true;
  }
};

/// A request for one row of one value.
struct Asked {
  explicit Asked(float value) : row{value} {}

  void Ask(CompiledModel& model) {
    input = {.name = "x", .type = ElementType::kF32, .shape = shape, .data = std::as_bytes(std::span(row))};
    request.inputs = {&input, 1};
    model.InferAsync(request, sink, [this](absl::Status end, const InferTimes& /*times*/) {
      EXPECT_TRUE(end.ok()) << end;
      if (then) then();
      thread.set_value(std::this_thread::get_id());
    });
  }
  /// The thread that answered.
  std::thread::id Wait() { return thread.get_future().get(); }

  std::vector<float> row;
  std::vector<int64_t> shape{1, 1};
  InputTensor input;
  InferRequest request;
  KeepingSink sink;
  std::promise<std::thread::id> thread;
  std::function<void()> then;
};

class LateTest : public ::testing::Test {
 protected:
  LateTest() {
    Gate::reached = {};
    Gate::opened = open_.get_future().share();
    const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 1});
    const auto y = std::make_shared<Gate>(x);
    x->output(0).set_names({"x"});
    y->output(0).set_names({"y"});
    const auto model = std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x});
    ov::Core core;
    OvModel::Parts parts{"model 'm'", "test", *Ports::Of(*model, {}), core, core.compile_model(model, "CPU"), {}};
    parts.lanes = *CompileLanes(core, model, {.name = "m"}, {}, 2);
    model_ = std::make_unique<OvModel>(std::move(parts), SlotPool::Options{.slots = 4}, timer_);
  }

  /// On a thread of its own, which is watched, as an event loop's is: asks for what lasts, and for one more.
  std::thread AskForWhatLasts(Asked& lasts, Asked& next) {
    return std::thread([&] {
      const WatchedThread::Here here(watched_);
      {
        const Gathering::Scope scope(gathering_);
        lasts.Ask(*model_);
        next.Ask(*model_);
      }
      gathering_.BeginRound();
      GoOn();
    });
  }

  void GoOn() {
    const Gathering::Scope scope(gathering_);
    while (!WatchedThread::ThisIsReplaced()) {
      absl::AnyInvocable<void()> take = gathering_.TakeNext();
      if (!take) return;
      take();
    }
  }

  std::promise<void> open_;
  Timer timer_;
  std::unique_ptr<OvModel> model_;
  WatchedThread watched_{[] {}};
  Gathering gathering_;
};

TEST_F(LateTest, OthersRunElsewhereMeanwhileAndForAWhile) {
  Asked lasts(kLasts), next(2), then(3);
  lasts.then = [&] { then.Ask(*model_); };
  std::thread asking = AskForWhatLasts(lasts, next);
  Gate::reached.get_future().wait();
  Asked before(1);
  before.Ask(*model_);
  EXPECT_EQ(before.Wait(), std::this_thread::get_id()) << "nobody knows yet";

  bool replaced = false;
  while (!replaced) watched_.Look([&] { return replaced = true; });
  GoOn();
  EXPECT_NE(next.Wait(), std::this_thread::get_id()) << "it does not wait for the one before";
  std::vector<std::unique_ptr<Asked>> meanwhile;
  for (int i = 0; i < 20; ++i) {
    meanwhile.push_back(std::make_unique<Asked>(static_cast<float>(10 + i)));
    meanwhile.back()->Ask(*model_);
    EXPECT_NE(meanwhile.back()->Wait(), std::this_thread::get_id());
    EXPECT_EQ(meanwhile.back()->sink.Values<float>("y"), meanwhile.back()->row);
  }

  open_.set_value();
  const std::thread::id asked = asking.get_id();
  EXPECT_EQ(lasts.Wait(), asked);
  EXPECT_NE(then.Wait(), asked) << "it belongs to nobody any more";
  asking.join();
  EXPECT_TRUE(gathering_.empty());
  int here = 0;
  for (int i = 0; i < 20; ++i) {
    Asked after(1);
    after.Ask(*model_);
    here += after.Wait() == std::this_thread::get_id();
  }
  EXPECT_LE(here, 1) << "one in 32 finds out whether it is quick again";
}

}  // namespace
}  // namespace lamina::server
