#ifndef LAMINA_BENCH_SERVING_MEASURE_H_
#define LAMINA_BENCH_SERVING_MEASURE_H_

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace lamina::bench {

using Clock = std::chrono::steady_clock;

/// What is counted: the time after a warm-up.
struct Window {
  Clock::time_point begin, end;

  static Window Of(double warm_up_s, double seconds) {
    const auto begin =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(warm_up_s));
    return {begin, begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))};
  }
};

/// Latencies of one caller's requests that were answered within the window, in microseconds.
class Latencies {
 public:
  void Add(const Window& window, Clock::time_point started, Clock::time_point answered) {
    if (answered < window.begin || answered > window.end) return;
    microseconds_.push_back(std::chrono::duration<float, std::micro>(answered - started).count());
  }

  void Append(const Latencies& other) {
    microseconds_.insert(microseconds_.end(), other.microseconds_.begin(), other.microseconds_.end());
  }

  /// One line of JSON: what was reached in the window.
  void Print(const Window& window) {
    std::sort(microseconds_.begin(), microseconds_.end());
    const double seconds = std::chrono::duration<double>(window.end - window.begin).count();
    std::printf("{\"requests_per_s\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n", microseconds_.size() / seconds,
                Percentile(0.5), Percentile(0.99));
  }

 private:
  double Percentile(double part) const {
    if (microseconds_.empty()) return 0;
    return microseconds_[std::min(microseconds_.size() - 1, static_cast<size_t>(microseconds_.size() * part))];
  }

  std::vector<float> microseconds_;
};

}  // namespace lamina::bench

#endif  // LAMINA_BENCH_SERVING_MEASURE_H_
