// Inferences of loaded models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "openvino/core/type/bfloat16.hpp"
#include "openvino/core/type/float16.hpp"
#include "server/api/derived_memory.h"
#include "server/engine/loaded_model_testing.h"

namespace lamina::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Input;
using testing::KeepingSink;
using ::testing::StartsWith;
using Floats = std::vector<float>;
using Shape = std::vector<int64_t>;
using InferTest = testing::LoadedModelTest;

TEST_F(InferTest, RunsAModelOfFixedShape) {
  const auto model = LoadSaved(testing::Times(2, {1, 3}));
  ASSERT_TRUE(model);
  EXPECT_EQ(model->platform(), "openvino");
  ASSERT_EQ(model->signature()->inputs.size(), 1u);
  EXPECT_EQ(model->signature()->inputs[0].name, "x");
  EXPECT_EQ(model->signature()->inputs[0].type, ElementType::kF32);
  EXPECT_THAT(model->signature()->outputs[0].shape, ElementsAre(1, 3));
  const Shape shape{1, 3};
  const Floats x{1, 2, 3};
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    EXPECT_TRUE(Infer(*model, Input("x", ElementType::kF32, shape, x), sink).ok());
    EXPECT_THAT(sink.Values<float>("y"), ElementsAre(2, 4, 6));
    EXPECT_EQ(sink.Shape("y"), shape);
  }
}

TEST_F(InferTest, RunsAModelOfDynamicShapeAlsoEmpty) {
  const auto model = LoadSaved(testing::Times(2, {-1, 2}));
  ASSERT_TRUE(model);
  EXPECT_THAT(model->signature()->inputs[0].shape, ElementsAre(-1, 2));
  for (const int64_t rows : {1, 3, 0, 5}) {
    const Shape shape{rows, 2};
    const Floats x(rows * 2, 1.5f);
    KeepingSink sink;
    const absl::Status status = Infer(*model, Input("x", ElementType::kF32, shape, x), sink);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(sink.Values<float>("y"), Floats(rows * 2, 3.0f));
    EXPECT_EQ(sink.Shape("y"), shape);
  }
}

// Quick models have forms for a single row and for any number, and large batches go to the engine's own threads: all
// answer alike, in any order and from many threads.
TEST_F(InferTest, QuickModelsAnswerRowsBatchesAndLargeBatchesAlike) {
  const auto model = LoadSaved(testing::Times(2, {-1, 4}));
  ASSERT_TRUE(model);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      for (const int64_t rows : {1, 3, 1, 5000, 1, 0, 17, 1}) {
        const Shape shape{rows, 4};
        const Floats x(rows * 4, static_cast<float>(caller + rows));
        KeepingSink sink;
        const absl::Status status = Infer(*model, Input("x", ElementType::kF32, shape, x), sink);
        ASSERT_TRUE(status.ok()) << status;
        EXPECT_EQ(sink.Values<float>("y"), Floats(rows * 4, 2.0f * (caller + rows)));
        EXPECT_EQ(sink.Shape("y"), shape);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
}

// Small tensors are copied, large ones are not: both ways, and back and forth on one request.
class InferMemoryTest : public InferTest, public ::testing::WithParamInterface<int64_t> {};
INSTANTIATE_TEST_SUITE_P(Sizes, InferMemoryTest, ::testing::Values(1, 2048, 2049, 100000));

TEST_P(InferMemoryTest, MemoryMayLieAnywhere) {
  const auto model = LoadSaved(testing::Times(2, {GetParam()}));
  ASSERT_TRUE(model);
  const Shape shape{GetParam()};
  const Floats x(GetParam(), 1.5f);
  std::vector<std::byte> bytes(1 + x.size() * sizeof(float));
  std::memcpy(bytes.data() + 1, x.data(), bytes.size() - 1);
  const InputTensor input{.name = "x", .type = ElementType::kF32, .shape = shape, .data = std::span(bytes).subspan(1)};
  for (const size_t misalign : {0, 1, 0}) {
    KeepingSink sink(misalign);
    EXPECT_TRUE(Infer(*model, input, sink).ok());
    EXPECT_EQ(sink.Values<float>("y"), Floats(GetParam(), 3.0f));
  }
}

TEST_F(InferTest, LargeAndSmallTensorsTakeTurns) {
  const auto model = LoadSaved(testing::Times(2, {-1}));
  ASSERT_TRUE(model);
  for (const int64_t size : {3, 5000, 3, 4, 0, 5000, 6000}) {
    const Shape shape{size};
    const Floats x(size, static_cast<float>(size));
    KeepingSink sink;
    EXPECT_TRUE(Infer(*model, Input("x", ElementType::kF32, shape, x), sink).ok());
    EXPECT_EQ(sink.Values<float>("y"), Floats(size, 2.0f * size));
  }
}

template <typename T>
class LoadModelTypeTest : public InferTest {};
using Types = ::testing::Types<int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t, float, double,
                               ov::float16, ov::bfloat16>;
TYPED_TEST_SUITE(LoadModelTypeTest, Types);

TYPED_TEST(LoadModelTypeTest, EveryElementTypeGoesThrough) {
  const ov::element::Type theirs = ov::element::from<TypeParam>();
  const auto model = this->LoadSaved(testing::Times(2, {2}, theirs));
  ASSERT_TRUE(model);
  const ElementType type = model->signature()->inputs[0].type;
  EXPECT_EQ(ElementTypeName(type), theirs.get_type_name());
  EXPECT_EQ(model->signature()->outputs[0].type, type);
  const Shape shape{2};
  const std::vector<TypeParam> x{TypeParam(3), TypeParam(5)};
  KeepingSink sink;
  const absl::Status status = this->Infer(*model, Input("x", type, shape, x), sink);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(sink.Values<TypeParam>("y"), ElementsAre(TypeParam(6), TypeParam(10)));
}

TEST_F(InferTest, CarriesStrings) {
  const auto model = LoadSaved(testing::SameStrings());
  ASSERT_TRUE(model);
  const Shape shape{3};
  const std::vector<std::string_view> x{"", "a string that is too long for its object", std::string_view("\0b", 2)};
  KeepingSink sink;
  const absl::Status status =
      Infer(*model, {.name = "x", .type = ElementType::kString, .shape = shape, .strings = x}, sink);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(sink.Strings("y"), ElementsAre(x[0], x[1], x[2]));
}

TEST_F(InferTest, StringsNeedMemoryWhileTheyAreTheEngines) {
  const auto model = LoadSaved(testing::SameStrings());
  ASSERT_TRUE(model);
  const Shape shape{10'000};
  const std::vector<std::string_view> x(10'000, "a string that is too long for its object");
  const InputTensor input{.name = "x", .type = ElementType::kString, .shape = shape, .strings = x};
  DerivedMemory others;
  ASSERT_TRUE(others.Take(DerivedMemory::MostOfAll() - 500'000).ok());
  KeepingSink none;
  EXPECT_TRUE(absl::IsResourceExhausted(Infer(*model, input, none)));
  others = DerivedMemory();
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    const absl::Status status = Infer(*model, input, sink);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(sink.Strings("y").size(), x.size());
    EXPECT_EQ(sink.Strings("y").back(), x.back());
  }
  ASSERT_TRUE(others.Take(DerivedMemory::MostOfAll()).ok()) << "all is given back";
}

TEST_F(InferTest, SaysWhatIsWrongWithARequest) {
  const auto model = LoadSaved(testing::Times(2, {1, 3}));
  ASSERT_TRUE(model);
  const Floats x{1, 2, 3, 4, 5, 6};
  const auto message = [&](const char* name, ElementType type, const Shape& shape, size_t count) {
    KeepingSink sink;
    const Floats values(x.begin(), x.begin() + count);
    const absl::Status status = Infer(*model, Input(name, type, shape, values), sink);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    return std::string(status.message());
  };
  EXPECT_EQ(message("z", ElementType::kF32, {1, 3}, 3),
            "input tensor alias not found in signature: z. Inputs expected to be in the set {x}.");
  EXPECT_THAT(message("x", ElementType::kI32, {1, 3}, 3), HasSubstr("element type i32, required is f32"));
  EXPECT_THAT(message("x", ElementType::kF32, {1, 4}, 4),
              StartsWith("The input data is incorrect. Obtained shape [1, 4], required shape [1, 3]"));
  EXPECT_THAT(message("x", ElementType::kF32, {3}, 3), StartsWith("The input data is incorrect. Obtained shape [3]"));
  EXPECT_THAT(message("x", ElementType::kF32, {1, -1}, 3),
              StartsWith("The input data is incorrect. Obtained shape [1, -1]"));
  EXPECT_THAT(message("x", ElementType::kF32, {2, 3}, 6),
              StartsWith("Input batch size is incorrect. Obtained batch size 2, required batch size 1"));
  EXPECT_THAT(message("x", ElementType::kF32, {1, 3}, 2), HasSubstr("has 8 bytes"));
}

TEST_F(InferTest, SaysWhichNamesAreMissingDoubleOrUnknown) {
  const auto model = LoadSaved(testing::Times(2, {1}));
  ASSERT_TRUE(model);
  const Shape shape{1};
  const Floats x{1};
  const std::vector<InputTensor> twice(2, Input("x", ElementType::kF32, shape, x));
  KeepingSink sink;
  InferRequest request;
  EXPECT_THAT(std::string(Infer(*model, request, sink).message()), HasSubstr("The input x is missing"));
  request.inputs = twice;
  EXPECT_THAT(std::string(Infer(*model, request, sink).message()), HasSubstr("The input x is given twice"));
  request.inputs = std::span(twice).first(1);
  const std::string_view unknown[] = {"z"}, repeated[] = {"y", "y"};
  request.outputs = unknown;
  EXPECT_THAT(std::string(Infer(*model, request, sink).message()), HasSubstr("expected to be in the set {y}"));
  request.outputs = repeated;
  EXPECT_THAT(std::string(Infer(*model, request, sink).message()), HasSubstr("asked for twice"));
}

TEST_F(InferTest, LateAndCancelledRequestsDoNotBegin) {
  const auto model = LoadSaved(testing::Times(2, {1}));
  ASSERT_TRUE(model);
  KeepingSink sink;
  InferRequest request;
  request.deadline = std::chrono::steady_clock::now();
  EXPECT_TRUE(absl::IsDeadlineExceeded(Infer(*model, request, sink)));
  std::stop_source stop;
  stop.request_stop();
  request.deadline = std::chrono::steady_clock::time_point::max();
  request.cancelled = stop.get_token();
  EXPECT_TRUE(absl::IsCancelled(Infer(*model, request, sink)));
}

TEST_F(InferTest, ManyThreadsGetTheirOwnAnswers) {
  for (const ov::PartialShape& shape : {ov::PartialShape{1, 4}, ov::PartialShape{-1, 4}}) {
    ModelConfig config;
    config.nireq = 2;
    const auto model = LoadSaved(testing::Times(2, shape), config);
    ASSERT_TRUE(model);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          const Floats x(4, static_cast<float>(t * 1000 + i));
          const Shape dims{1, 4};
          KeepingSink sink;
          const absl::Status status = Infer(*model, Input("x", ElementType::kF32, dims, x), sink);
          ASSERT_TRUE(status.ok()) << status;
          ASSERT_EQ(sink.Values<float>("y"), Floats(4, 2 * x[0]));
        }
      });
    }
  }
}

TEST_F(InferTest, SlowModelsRunElsewhereAndQueue) {
  ModelConfig config;
  config.nireq = 1;
  config.queue_size = 1;
  const auto model = LoadSaved(testing::Slow(512), config);
  ASSERT_TRUE(model);
  const Shape shape{512, 512};
  const Floats x(size_t{512} * 512, 0.0f);
  const InputTensor input = Input("x", ElementType::kF32, shape, x);
  InferRequest request;
  request.inputs = {&input, 1};
  std::promise<absl::Status> running, waiting, refused;
  KeepingSink sinks[3];
  model->InferAsync(request, sinks[0],
                    [&](absl::Status status, const InferTimes&) { running.set_value(std::move(status)); });
  model->InferAsync(request, sinks[1], [&](absl::Status status, const InferTimes& at) {
    EXPECT_GT(at.turn, InferTimes::Clock::time_point()) << "it waited";
    EXPECT_GE(at.started, at.turn);
    EXPECT_GT(at.computed, at.started);
    waiting.set_value(std::move(status));
  });
  model->InferAsync(request, sinks[2],
                    [&](absl::Status status, const InferTimes&) { refused.set_value(std::move(status)); });
  EXPECT_TRUE(absl::IsResourceExhausted(refused.get_future().get()));
  const Occupancy now = model->occupancy();
  EXPECT_EQ(now.slots, 1);
  EXPECT_EQ(now.running, 1);
  EXPECT_EQ(now.waiting, 1);
  EXPECT_TRUE(running.get_future().get().ok());
  EXPECT_TRUE(waiting.get_future().get().ok());
  EXPECT_EQ(sinks[1].Values<float>("y").size(), x.size());
}

TEST_F(InferTest, ARunningRequestCanBeCancelled) {
  const auto model = LoadSaved(testing::Slow(1024));
  ASSERT_TRUE(model);
  const Shape shape{1024, 1024};
  const Floats x(size_t{1024} * 1024, 0.0f);
  const InputTensor input = Input("x", ElementType::kF32, shape, x);
  std::stop_source stop;
  InferRequest request;
  request.inputs = {&input, 1};
  request.cancelled = stop.get_token();
  KeepingSink sink;
  std::future<absl::Status> answer = Start(*model, request, sink);
  stop.request_stop();
  const absl::Status status = answer.get();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  request.cancelled = {};
  KeepingSink after;
  EXPECT_TRUE(Infer(*model, request, after).ok()) << "the next one runs";
}

// The engine would go by the shapes of the stopped one.
TEST_F(InferTest, AfterAStoppedOneOfOpenShapesOthersHaveTheirOwnRows) {
  constexpr size_t kColumns = 512;
  ModelConfig config;
  config.nireq = 1;
  const auto model = LoadSaved(testing::SlowRows(kColumns), config);
  ASSERT_TRUE(model);
  for (int round = 0; round < 12; ++round) {
    for (const auto& [rows, stops] : {std::pair(900, true), std::pair(40, false)}) {
      const Shape shape{rows, kColumns};
      const Floats x(static_cast<size_t>(rows) * kColumns, static_cast<float>(round));
      const InputTensor input = Input("x", ElementType::kF32, shape, x);
      std::stop_source stop;
      InferRequest request;
      request.inputs = {&input, 1};
      request.cancelled = stop.get_token();
      KeepingSink sink;
      std::future<absl::Status> answer = Start(*model, request, sink);
      std::this_thread::sleep_for(std::chrono::milliseconds(round % 4));
      if (stops) stop.request_stop();
      const absl::Status status = answer.get();
      ASSERT_TRUE(status.ok()) << status;
      ASSERT_TRUE(sink.Values<float>("y") == x) << rows << " rows";
    }
  }
}

}  // namespace
}  // namespace lamina::server
