#include <limits>

#include "extension/layers/testing.h"

namespace lamina::layers {
namespace {

AttributeSet Grams(const char* mode, int64_t least, int64_t most, int64_t skip, std::vector<int64_t> counts,
                   std::vector<int64_t> indexes, std::vector<int64_t> pool, std::vector<float> weights = {}) {
  AttributeSet set;
  set.String("mode", mode).Int("min_gram_length", least).Int("max_gram_length", most).Int("max_skip_count", skip);
  set.Ints("ngram_counts", std::move(counts))
      .Ints("ngram_indexes", std::move(indexes))
      .Ints("pool_int64s", std::move(pool));
  if (!weights.empty()) set.Floats("weights", std::move(weights));
  return set;
}

Value Tokens(const std::vector<int64_t>& tokens) {
  return Value::Of<int64_t>({static_cast<int64_t>(tokens.size())}, tokens);
}
Value Counts(const std::vector<float>& counts) {
  return Value::Of<float>({static_cast<int64_t>(counts.size())}, counts);
}

TEST(TfIdfVectorizer, WeighsAsOnnxruntimeDoes) {
  const auto check = [](const char* mode, std::vector<int64_t> indexes, std::vector<float> y) {
    const AttributeSet attributes = Grams(mode, 1, 1, 0, {0}, std::move(indexes), {1, 2, 3}, {10, 20, 30});
    EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", attributes, {Tokens({1, 1, 2, 3})}, {Counts(y)})) << mode;
  };
  check("TF", {2, 0, 1}, {1, 1, 2});
  check("IDF", {2, 0, 1}, {20, 30, 10});
  check("TFIDF", {2, 0, 1}, {20, 30, 20});
  check("TFIDF", {2, 0, 5}, {20, 0, 20, 0, 0, 30});
  check("TF", {0, 0, 1}, {3, 1});
  check("IDF", {0, 0, 1}, {20, 30});
  check("TFIDF", {0, 0, 1}, {40, 30});
}

TEST(TfIdfVectorizer, SkipsTokens) {
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", Grams("TF", 1, 2, 2, {0, 2}, {0, 1, 2, 3}, {1, 2, 1, 2, 1, 4}),
                                {Tokens({1, 2, 3, 4, 1, 2})}, {Counts({2, 2, 2, 1})}));
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", Grams("TF", 2, 2, 2, {0, 2}, {0, 1, 2, 3}, {1, 2, 1, 2, 1, 4}),
                                {Tokens({1, 2, 3, 4, 1, 2})}, {Counts({0, 0, 2, 1})}));
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", Grams("TF", 2, 3, 1, {0, 0, 2}, {0, 1}, {1, 2, 1, 2, 3}),
                                {Tokens({1, 2, 3, 1, 2, 3})}, {Counts({2, 2})}));
}

TEST(TfIdfVectorizer, TakesRowsOfStringsAndInts) {
  AttributeSet strings;
  strings.String("mode", "TF").Int("min_gram_length", 1).Int("max_gram_length", 2).Int("max_skip_count", 0);
  strings.Ints("ngram_counts", {0, 2}).Ints("ngram_indexes", {0, 1, 2}).Strings("pool_strings", {"a", "b", "b", "a"});
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", strings,
                                {Value::Strings({3, 3}, {"a", "b", "a", "?", "b", "?", "b", "?", "a"})},
                                {Rows<float>(3, 3, {2, 1, 1, 0, 1, 0, 1, 1, 0})}));
  const AttributeSet ints = Grams("TF", 1, 1, 0, {0}, {0, 1}, {5, int64_t{1} << 40});
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", ints, {Rows<int64_t>(1, 2, {int64_t{1} << 40, 5})},
                                {Rows<float>(1, 2, {1, 1})}));
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", ints, {Rows<int32_t>(1, 2, {0, 5})}, {Rows<float>(1, 2, {1, 0})}));
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", ints, {Rows<int64_t>(2, 0, {})}, {Rows<float>(2, 2, {0, 0, 0, 0})}));
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", ints, {Rows<int64_t>(0, 2, {})}, {Rows<float>(0, 2, {})}));
}

TEST(TfIdfVectorizer, SkipsBeyondTheRowTakeNoTime) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_EQ("", CheckEverywhere("TfIdfVectorizer", Grams("TF", 1, 2, kMost, {0, 1}, {0, 1}, {1, 1, 2}),
                                {Tokens({1, 3, 3, 2})}, {Counts({1, 1})}));
}

TEST(TfIdfVectorizer, RefusesWhatDoesNotFit) {
  const Value x = Tokens({1});
  EXPECT_FAILS("ngram_indexes has 9223372036854775807", "TfIdfVectorizer",
               Grams("TF", 1, 1, 0, {0}, {0, std::numeric_limits<int64_t>::max()}, {1, 2}), {x});
  EXPECT_FAILS("mode is 'DF'", "TfIdfVectorizer", Grams("DF", 1, 1, 0, {0}, {0}, {1}), {x});
  EXPECT_FAILS("min_gram_length is 2 and max_gram_length 1", "TfIdfVectorizer", Grams("TF", 2, 1, 0, {0, 0}, {0}, {1}),
               {x});
  EXPECT_FAILS("ngram_counts has 1 lengths, max_gram_length is 2", "TfIdfVectorizer",
               Grams("TF", 1, 2, 0, {0}, {0}, {1}), {x});
  EXPECT_FAILS("n-gram 1 is in the pool twice", "TfIdfVectorizer", Grams("TF", 1, 1, 0, {0}, {0, 1}, {1, 1}), {x});
  EXPECT_FAILS("the pool has more n-grams", "TfIdfVectorizer", Grams("TF", 1, 1, 0, {0}, {0}, {1, 2}), {x});
  EXPECT_FAILS("expected a whole number of them", "TfIdfVectorizer", Grams("TF", 1, 2, 0, {0, 0}, {0}, {1}), {x});
  EXPECT_FAILS("the input is string, the n-grams are of integers", "TfIdfVectorizer",
               Grams("TF", 1, 1, 0, {0}, {0}, {1}), {Value::Strings({1}, {"1"})});
}

}  // namespace
}  // namespace lamina::layers
