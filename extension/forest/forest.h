// A tree ensemble laid out for the CPU it runs on.
#ifndef LAMINA_EXTENSION_FOREST_FOREST_H_
#define LAMINA_EXTENSION_FOREST_FOREST_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "extension/forest/ensemble.h"

namespace lamina::forest {

enum class RowType : uint8_t { kFloat, kDouble, kInt32, kInt64 };

/// Rows of feature values, `stride` elements from one to the next. Integers are compared as the floats they round to,
/// doubles as doubles.
struct Rows {
  const void* data = nullptr;
  RowType type = RowType::kFloat;
  size_t count = 0;
  size_t stride = 0;
};

/// Threads to compute on: run(count, body) calls body(i) for every i below count, on up to `threads` threads, and
/// waits. The default is the caller's thread alone.
struct Parallel {
  size_t threads = 1;
  std::function<void(size_t count, const std::function<void(size_t)>& body)> run;
};

struct Layout;

/// The scores of an ensemble, row by row. Built once when a model is prepared; constant after that and shared by all
/// threads.
class Forest final {
 public:
  /// Checks the ensemble and lays it out. Throws std::invalid_argument for one that is malformed (a cycle, a child,
  /// weight, target or member out of range, a number of base values that is neither 0, 1 nor the targets'). `doubles`:
  /// keep what Predict to doubles needs.
  static Forest Build(const Ensemble& ensemble, bool doubles = false);

  Forest(Forest&&) noexcept;
  Forest& operator=(Forest&&) noexcept;
  ~Forest();

  /// The least number of features that a row must have.
  size_t features() const;
  size_t targets() const;
  size_t trees() const;

  /// Aggregated weights plus base values, `targets()` floats a row. Few rows are computed on the calling thread,
  /// whatever `parallel` says. Sums are made in the order of the trees, in float; rows of doubles differ from rows of
  /// floats in their comparisons only. REQUIRES: rows.stride >= features(), unless rows.count is 0.
  void Predict(const Rows& rows, float* scores, const Parallel& parallel = {}) const;

  /// The same with weights, sums and scores in double: a tree at a time, without vectors. For ensembles of doubles.
  /// REQUIRES: built with `doubles`.
  void Predict(const Rows& rows, double* scores, const Parallel& parallel = {}) const;

  /// One line for a log: how many trees run by which kernel, on which target.
  std::string Describe() const;

 private:
  explicit Forest(std::unique_ptr<const Layout> layout);
  std::unique_ptr<const Layout> layout_;
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_FOREST_H_
