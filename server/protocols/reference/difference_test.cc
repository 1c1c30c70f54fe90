#include "server/protocols/reference/difference.h"

#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "server/protocols/reference/mutate.h"
#include "server/protocols/reference/wire_cases.h"

namespace lamina::server {
namespace {

WireBytes BytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

struct Message {
  const char* name;
  std::vector<WireCase> (*cases)();
  Comparison (*compare)(WireBytes);
};

class DifferenceTest : public testing::TestWithParam<Message> {
 protected:
  // Protobuf logs each text that is not UTF-8.
  void SetUp() override { log_ = google::protobuf::SetLogHandler(nullptr); }
  void TearDown() override { google::protobuf::SetLogHandler(log_); }

 private:
  google::protobuf::LogHandler* log_ = nullptr;
};

TEST_P(DifferenceTest, TrickyMessagesAreReadAsProtobufReadsThem) {
  size_t messages = 0, requests = 0;
  const std::vector<WireCase> cases = GetParam().cases();
  for (const WireCase& one : cases) {
    const Comparison comparison = GetParam().compare(BytesOf(one.bytes));
    EXPECT_EQ(comparison.difference, "") << one.name;
    messages += comparison.is_message;
    requests += comparison.is_request;
  }
  // The table tries both what is taken and what is not.
  EXPECT_GT(messages, cases.size() / 3);
  EXPECT_LT(messages, cases.size() * 9 / 10);
  EXPECT_GT(requests, cases.size() / 8);
}

TEST_P(DifferenceTest, SoAreMutationsOfGoodOnes) {
  std::vector<WireCase> cases = GetParam().cases();
  std::erase_if(cases, [](const WireCase& one) { return !GetParam().compare(BytesOf(one.bytes)).is_message; });
  std::mt19937 random(20261125);
  size_t messages = 0, requests = 0;
  constexpr size_t kRuns = 40000;
  for (size_t i = 0; i < kRuns; ++i) {
    const WireCase& one = cases[i % cases.size()];
    const std::string mutated = Mutate(one.bytes, cases[random() % cases.size()].bytes, random);
    const Comparison comparison = GetParam().compare(BytesOf(mutated));
    ASSERT_EQ(comparison.difference, "") << "mutation " << i << " of: " << one.name << "\n"
                                         << testing::PrintToString(mutated);
    messages += comparison.is_message;
    requests += comparison.is_request;
  }
  EXPECT_GT(messages, kRuns / 20);
  EXPECT_LT(messages, kRuns / 2);
  EXPECT_GT(requests, kRuns / 200);
}

INSTANTIATE_TEST_SUITE_P(Messages, DifferenceTest,
                         testing::Values(Message{"ModelInfer", ModelInferCases, CompareModelInfer},
                                         Message{"Predict", PredictCases, ComparePredict}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lamina::server
