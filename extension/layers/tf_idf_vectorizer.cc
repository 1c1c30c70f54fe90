#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/lookup.h"
#include "extension/layers/rows.h"

namespace lamina::layers {
namespace {

/// Counts known n-grams in each row of tokens: TF y[column of g] = how often g is there, IDF = its weight if it is
/// there, TFIDF = its weight times how often.
///
/// Inputs: x [N, W] or [W], tokens: string, i64 or i32.
/// Attributes: pool_strings or pool_int64s: all 1-grams one behind the other, then all 2-grams, ...; ngram_counts:
/// where in the pool those of each length begin; ngram_indexes: the column of each; weights of each (default 1);
/// min_gram_length, max_gram_length; max_skip_count: tokens of an n-gram may lie up to so many further apart, all at
/// the same distance; mode.
/// Outputs: y [N, columns] or [columns], f32. Several n-grams of one column: TF and TFIDF are summed, IDF is that of
/// the last.
/// Errors: numbers that don't fit together, a repeated n-gram, tokens of another kind than the pool's.
/// Source: ai.onnx TfIdfVectorizer, 9.
/// Accuracy: to the bit; TFIDF sums in f32.
struct TfIdfVectorizer {
  std::string mode;
  int64_t min_gram_length = 1, max_gram_length = 1, max_skip_count = 0;
  std::vector<int64_t> ngram_counts, ngram_indexes, pool_int64s;
  std::vector<std::string> pool_strings;
  std::vector<float> weights;

  void Prepare(const Node&) {
    Require(mode == "TF" || mode == "IDF" || mode == "TFIDF", kName, ": mode is '", mode,
            "', expected TF, IDF or TFIDF");
    Require(min_gram_length >= 1 && max_gram_length >= min_gram_length, kName, ": min_gram_length is ", min_gram_length,
            " and max_gram_length ", max_gram_length, ", expected 1 or more and not less than that");
    Require(max_skip_count >= 0, kName, ": max_skip_count is ", max_skip_count, ", expected 0 or more");
    Require(static_cast<size_t>(max_gram_length) <= ngram_counts.size(), kName, ": ngram_counts has ",
            ngram_counts.size(), " lengths, max_gram_length is ", max_gram_length);
    Require(pool_strings.empty() != pool_int64s.empty(), kName, ": there are ", pool_strings.size(),
            " pool_strings and ", pool_int64s.size(), " pool_int64s, expected one kind of them");
    Require(weights.empty() || weights.size() == ngram_indexes.size(), kName, ": there are ", weights.size(),
            " weights for ", ngram_indexes.size(), " n-grams, expected none or one for each");
    for (const int64_t column : ngram_indexes) {
      Require(column >= 0 && column < kMostColumns, kName, ": ngram_indexes has ", column, ", expected 0 to ",
              kMostColumns - 1);
      columns_ = std::max(columns_, column + 1);
    }
    Require(columns_ > 0, kName, ": ngram_indexes is empty");
    strings_ = StringLookup(pool_strings);
    numbers_ = NumberLookup(pool_int64s);
    BuildTrie();
  }

  void Infer(const Inference& inference) const {
    const lamina::Input x = inference.In(0);
    Require(x.type() == LAMINA_DYNAMIC || (x.type() == LAMINA_STRING) == pool_int64s.empty(), kName, ": the input is ",
            TypeName(x.type()), ", the n-grams are of ", pool_int64s.empty() ? "strings" : "integers");
    if (x.rank() < 0) return inference.SetOutputOfAnyShape(0, LAMINA_F32);
    const RowShape shape = RowsOf(x, kName);
    if (x.rank() == 1) return inference.SetOutput(0, LAMINA_F32, {columns_});
    inference.SetOutput(0, LAMINA_F32, {shape.rows, columns_});
  }

  template <class T>
  void Compute(In<T> x, Out<float> y, const Call& call) const {
    const RowShape shape = RowsOf(x, kName);
    const auto width = static_cast<size_t>(shape.features), columns = static_cast<size_t>(columns_);
    call.ParallelFor(static_cast<size_t>(shape.rows), Grain(16 * width + columns), [&](size_t begin, size_t end) {
      std::vector<int32_t> tokens(width);
      for (size_t r = begin; r < end; ++r) {
        for (size_t i = 0; i < width; ++i) tokens[i] = Token(x[r * width + i]);
        std::fill(y.data() + r * columns, y.data() + (r + 1) * columns, 0.0f);
        CountRow(tokens, y.data() + r * columns);
      }
    });
  }

 private:
  static constexpr const char* kName = "TfIdfVectorizer";
  static constexpr int32_t kRoot = 0, kNoNgram = -1;
  static constexpr int64_t kMostColumns = int64_t{1} << 31;

  template <class T>
  int32_t Token(T x) const {
    if constexpr (std::is_same_v<T, std::string_view>) return strings_.Find(x);
    if constexpr (!std::is_same_v<T, std::string_view>) return numbers_.Find(x);
  }
  int32_t PoolToken(size_t i) const {
    return pool_strings.empty() ? Token(pool_int64s[i]) : Token(std::string_view(pool_strings[i]));
  }
  static int64_t Edge(int32_t node, int32_t token) { return int64_t{node} << 32 | token; }

  /// A trie of tokens; its edges are collected first and looked up by (node, token) later.
  void BuildTrie() {
    ngram_of_ = {kNoNgram};
    std::unordered_map<int64_t, int32_t> children;
    const size_t pool = pool_strings.size() + pool_int64s.size();
    size_t ngram = 0;
    for (size_t length = 1; length <= ngram_counts.size(); ++length) {
      const size_t begin = static_cast<size_t>(ngram_counts[length - 1]);
      const size_t end = length < ngram_counts.size() ? static_cast<size_t>(ngram_counts[length]) : pool;
      Require(begin <= end && end <= pool && (end - begin) % length == 0, kName, ": ngram_counts puts the ", length,
              "-grams from ", begin, " to ", end, " of ", pool, " tokens, expected a whole number of them");
      const bool is_wanted =
          length >= static_cast<size_t>(min_gram_length) && length <= static_cast<size_t>(max_gram_length);
      for (size_t at = begin; at < end; at += length, ++ngram) {
        Require(ngram < ngram_indexes.size(), kName, ": ngram_indexes has ", ngram_indexes.size(),
                " places, the pool has more n-grams");
        if (is_wanted) AddNgram(at, length, static_cast<int32_t>(ngram), children);
      }
    }
    std::vector<int64_t> edges(children.size());
    for (const auto& [edge, node] : children) edges[static_cast<size_t>(node) - 1] = edge;
    edges_ = NumberLookup(edges);
  }
  void AddNgram(size_t at, size_t length, int32_t ngram, std::unordered_map<int64_t, int32_t>& children) {
    int32_t node = kRoot;
    for (size_t i = at; i < at + length; ++i) {
      const auto [child, is_new] =
          children.try_emplace(Edge(node, PoolToken(i)), static_cast<int32_t>(ngram_of_.size()));
      if (is_new) ngram_of_.push_back(kNoNgram);
      node = child->second;
    }
    Require(ngram_of_[node] == kNoNgram, kName, ": n-gram ", ngram, " is in the pool twice");
    ngram_of_[node] = ngram;
  }

  void CountRow(const std::vector<int32_t>& tokens, float* y) const {
    // 1-grams have no distances: they are counted once, at the first.
    const auto longest =
        std::min(max_skip_count, static_cast<int64_t>(tokens.size())) + 1;  // no n-gram has a longer one
    for (int64_t distance = 1; distance <= longest; ++distance) {
      for (size_t first = 0; first < tokens.size(); ++first) {
        CountFrom(tokens, first, static_cast<size_t>(distance), y);
      }
      if (max_gram_length == 1) return;
    }
  }
  void CountFrom(const std::vector<int32_t>& tokens, size_t first, size_t distance, float* y) const {
    int32_t node = kRoot;
    for (size_t i = first, length = 1; i < tokens.size() && length <= static_cast<size_t>(max_gram_length);
         i += distance, ++length) {
      if (tokens[i] < 0) return;
      const int32_t edge = edges_.Find(Edge(node, tokens[i]));
      if (edge < 0) return;
      node = edge + 1;
      if (ngram_of_[node] != kNoNgram && (length > 1 || distance == 1)) Count(static_cast<size_t>(ngram_of_[node]), y);
    }
  }
  void Count(size_t ngram, float* y) const {
    float& at = y[ngram_indexes[ngram]];
    const float weight = weights.empty() || mode == "TF" ? 1 : weights[ngram];
    at = mode == "IDF" ? weight : at + weight;
  }

  int64_t columns_ = 0;
  StringLookup strings_;  // tokens of the pool
  NumberLookup numbers_;
  NumberLookup edges_;             // edge i leads to node i + 1
  std::vector<int32_t> ngram_of_;  // the n-gram that ends at a node
};

LAMINA_LAYER(TfIdfVectorizer,
             .Onnx("")
                 .Doc("counts of known n-grams in rows of tokens")
                 .Required<&TfIdfVectorizer::mode>("mode")
                 .Required<&TfIdfVectorizer::min_gram_length>("min_gram_length")
                 .Required<&TfIdfVectorizer::max_gram_length>("max_gram_length")
                 .Required<&TfIdfVectorizer::max_skip_count>("max_skip_count")
                 .Required<&TfIdfVectorizer::ngram_counts>("ngram_counts")
                 .Required<&TfIdfVectorizer::ngram_indexes>("ngram_indexes")
                 .Attribute<&TfIdfVectorizer::pool_int64s>("pool_int64s")
                 .Attribute<&TfIdfVectorizer::pool_strings>("pool_strings")
                 .Attribute<&TfIdfVectorizer::weights>("weights")
                 .ForTypes<std::string_view, int64_t, int32_t>()
                 .Example("mode=\"TF\" min_gram_length=1 max_gram_length=2 max_skip_count=0 "
                          "ngram_counts=[0,2] ngram_indexes=[0,1,2] pool_strings=[\"a\",\"b\",\"a\",\"b\"] "
                          "x=string[4]{\"a\",\"b\",\"a\",\"b\"} -> y=f32[3]{2,2,2}"));

}  // namespace
}  // namespace lamina::layers
