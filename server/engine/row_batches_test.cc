#include "server/engine/row_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "openvino/op/constant.hpp"
#include "openvino/op/parameter.hpp"
#include "server/engine/lanes.h"
#include "server/engine/ov_model.h"
#include "server/engine/testdata/careful.h"
#include "server/engine/testing.h"
#include "server/threads/gathering.h"

namespace lamina::server {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::KeepingSink;

std::shared_ptr<ov::Model> CarefulModel(int64_t row_wise_rank, bool lies = false) {
  const auto x = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 2});
  const auto y = std::make_shared<testing::Careful>(x, row_wise_rank, lies);
  x->output(0).set_names({"x"});
  y->output(0).set_names({"y"});
  return std::make_shared<ov::Model>(ov::OutputVector{y}, ov::ParameterVector{x});
}

/// A request for one row, and what came of it.
struct Asked {
  explicit Asked(float value) : row{value, 2 * value} {}

  void Ask(CompiledModel& model) {
    input = {.name = "x", .type = ElementType::kF32, .shape = shape, .data = std::as_bytes(std::span(row))};
    request.inputs = {&input, 1};
    model.InferAsync(request, sink, [this](absl::Status end, const InferTimes& t) {
      status = std::move(end);
      times = t;
      if (throws) throw std::bad_alloc();
    });
  }

  std::vector<float> row;
  std::vector<int64_t> shape{1, 2};
  InputTensor input;
  InferRequest request;
  KeepingSink sink;
  std::optional<absl::Status> status;
  InferTimes times;
  bool throws = false;
};

class RowBatchesTest : public ::testing::Test {
 protected:
  void Make(const std::shared_ptr<ov::Model>& model) {
    ASSERT_NO_FATAL_FAILURE(MakeUnrefined(model));
    model_->Refine();
  }

  void MakeUnrefined(const std::shared_ptr<ov::Model>& model) {
    ov::Core core;
    auto lanes = CompileLanes(core, model, {.name = "m"}, {}, 2);
    ASSERT_TRUE(lanes.ok()) << lanes.status();
    auto ports = Ports::Of(*model, {});
    ASSERT_TRUE(ports.ok());
    OvModel::Parts parts{"model 'm'", "test", *std::move(ports), core, core.compile_model(model, "CPU"), {}};
    parts.lanes = *std::move(lanes);
    parts.model = model;
    model_ = std::make_unique<OvModel>(std::move(parts), SlotPool::Options{.slots = 4}, timer_);
  }

  /// All in one gathering.
  void Ask(std::vector<std::unique_ptr<Asked>>& all) {
    Gathering gathering;
    const Gathering::Scope scope(gathering);
    for (const auto& one : all) one->Ask(*model_);
    for (const auto& one : all) EXPECT_FALSE(one->status.has_value());
    gathering.Run();
  }

  static std::vector<std::unique_ptr<Asked>> Rows(int count) {
    std::vector<std::unique_ptr<Asked>> all;
    for (int i = 0; i < count; ++i) all.push_back(std::make_unique<Asked>(static_cast<float>(100 + i)));
    return all;
  }

  static std::vector<size_t> Executions(const std::vector<std::unique_ptr<Asked>>& all) {
    std::vector<size_t> sizes;
    for (const auto& one : all) {
      if (one->times.together > 0) sizes.push_back(one->times.together);
    }
    return sizes;
  }

  static void ExpectRight(const Asked& one) {
    ASSERT_TRUE(one.status.has_value());
    EXPECT_TRUE(one.status->ok()) << *one.status;
    EXPECT_THAT(one.sink.Values<float>("y"), ElementsAre(one.row[0] + 1, one.row[1] + 1));
  }

  Timer timer_;
  std::unique_ptr<OvModel> model_;
};

TEST_F(RowBatchesTest, WhatComesTogetherRunsTogether) {
  ASSERT_NO_FATAL_FAILURE(Make(CarefulModel(2)));
  for (const int count : {1, 2, 3, 4, 5, 15, 16, 17, 33}) {
    auto all = Rows(count);
    Ask(all);
    for (const auto& one : all) ExpectRight(*one);
    const std::vector<size_t> executions = Executions(all);
    EXPECT_EQ(std::accumulate(executions.begin(), executions.end(), size_t{0}), all.size());
    if (count % 16 == 0) {
      EXPECT_THAT(executions, Each(16));
    }
  }
}

TEST_F(RowBatchesTest, OneThatIsRefusedHarmsNoOther) {
  ASSERT_NO_FATAL_FAILURE(Make(CarefulModel(2)));
  auto all = Rows(6);
  all[2]->row = {13, 1};
  Ask(all);
  for (size_t i = 0; i < all.size(); ++i) {
    if (i != 2) ExpectRight(*all[i]);
  }
  EXPECT_THAT(std::string(all[2]->status->message()), HasSubstr("there is a 13"));
}

TEST_F(RowBatchesTest, AnAnswerThatThrowsHarmsNoOther) {
  ASSERT_NO_FATAL_FAILURE(Make(CarefulModel(2)));
  auto all = Rows(5);
  all[1]->throws = true;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  for (const auto& one : all) one->Ask(*model_);
  gathering.Run();
  for (const auto& one : all) ExpectRight(*one);
}

TEST_F(RowBatchesTest, OtherBitsInABatchAreFoundOut) {
  ov::Core core;
  const auto model = CarefulModel(2, /*lies=*/true);
  auto lanes = CompileLanes(core, model, {.name = "m"}, {}, 1);
  ASSERT_TRUE(lanes.ok()) << lanes.status();
  EXPECT_TRUE(CompileRowBatches(core, model, {.name = "m"}, *lanes).batches.empty());
}

TEST_F(RowBatchesTest, AModelThatTakesFewRowsHasSmallBatches) {
  ov::Core core;
  for (const auto& [most, sizes] : std::vector<std::pair<int64_t, size_t>>{{3, 0}, {8, 1}, {16, 2}}) {
    const auto model = CarefulModel(2);
    model->reshape(ov::PartialShape{ov::Dimension(1, most), 2});
    auto lanes = CompileLanes(core, model, {.name = "m"}, {}, 1);
    ASSERT_TRUE(lanes.ok()) << lanes.status();
    EXPECT_EQ(CompileRowBatches(core, model, {.name = "m"}, *lanes).batches.size(), sizes) << most;
  }
}

TEST_F(RowBatchesTest, AnswersWhileItIsRefined) {
  ASSERT_NO_FATAL_FAILURE(MakeUnrefined(CarefulModel(2)));
  std::atomic<bool> refined = false;
  std::vector<std::thread> loops;
  for (int i = 0; i < 2; ++i) {
    loops.emplace_back([&] {
      for (int more = 10; more > 0; more -= refined ? 1 : 0) {
        auto all = Rows(9);
        Gathering gathering;
        const Gathering::Scope scope(gathering);
        for (const auto& one : all) one->Ask(*model_);
        gathering.Run();
        for (const auto& one : all) ExpectRight(*one);
      }
    });
  }
  model_->Refine();
  refined = true;
  for (std::thread& loop : loops) loop.join();
}

TEST_F(RowBatchesTest, WhatMayNotBeBatchedIsRunOneByOne) {
  ASSERT_NO_FATAL_FAILURE(Make(CarefulModel(0)));
  auto all = Rows(3);
  Ask(all);
  for (const auto& one : all) ExpectRight(*one);
  EXPECT_THAT(Executions(all), Each(1));
}

TEST_F(RowBatchesTest, SeveralRowsOfOneRequestAreRunByThemselves) {
  ASSERT_NO_FATAL_FAILURE(Make(CarefulModel(2)));
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  Asked one(3);
  one.row = {1, 2, 3, 4};
  one.shape = {2, 2};
  one.Ask(*model_);
  gathering.Run();
  ASSERT_TRUE(one.status.has_value());
  EXPECT_THAT(one.sink.Values<float>("y"), ElementsAre(2, 3, 4, 5));
}

TEST_F(RowBatchesTest, ABatchPaysFromSomeRowsOn) {
  ov::Core core;
  const auto model = CarefulModel(2);
  auto lanes = CompileLanes(core, model, {.name = "m"}, {}, 3);
  ASSERT_TRUE(lanes.ok()) << lanes.status();
  const RowBatches batches = CompileRowBatches(core, model, {.name = "m"}, *lanes);
  size_t rows = 1;
  for (const RowBatches::Batch& batch : batches.batches) {
    EXPECT_GT(batch.rows, rows);
    EXPECT_GE(batch.least, 2u);
    EXPECT_LE(batch.least, batch.rows);
    EXPECT_EQ(batch.lanes.size(), 3u);
    rows = batch.rows;
  }
  EXPECT_EQ(rows, 16u);
  EXPECT_EQ(batches.BatchFor(1), std::nullopt);
  EXPECT_EQ(batches.BatchFor(16), 1u);
  EXPECT_EQ(batches.BatchFor(100), 1u);
}

}  // namespace
}  // namespace lamina::server
