#include "extension/layers/pairwise_probability.h"

#include <algorithm>
#include <cmath>

namespace lamina::layers {
namespace {

/// The quadratic form of the sum to minimise, halved: q[i][i] = sum r[j][i]^2, q[i][j] = -r[j][i] r[i][j].
std::vector<float> QuadraticForm(const std::vector<float>& r, size_t classes) {
  std::vector<float> q(classes * classes);
  for (size_t i = 0; i < classes; ++i) {
    for (size_t j = 0; j < classes; ++j) {
      if (j == i) continue;
      q[i * classes + i] += r[j * classes + i] * r[j * classes + i];
      q[i * classes + j] = -r[j * classes + i] * r[i * classes + j];
    }
  }
  return q;
}

}  // namespace

void CouplePairs(const std::vector<float>& r, size_t classes, float* p) {
  constexpr int kMostSteps = 100;
  const float tolerance = 0.005f / static_cast<float>(classes);
  const std::vector<float> q = QuadraticForm(r, classes);
  std::vector<float> qp(classes);
  std::fill(p, p + classes, 1.0f / static_cast<float>(classes));
  for (int step = 0; step < kMostSteps; ++step) {
    float pqp = 0;
    for (size_t i = 0; i < classes; ++i) {
      qp[i] = 0;
      for (size_t j = 0; j < classes; ++j) qp[i] += q[i * classes + j] * p[j];
      pqp += p[i] * qp[i];
    }
    float worst = 0;
    for (size_t i = 0; i < classes; ++i) worst = std::max(worst, std::fabs(qp[i] - pqp));
    if (worst < tolerance) return;
    for (size_t i = 0; i < classes; ++i) {
      const float own = q[i * classes + i], change = (-qp[i] + pqp) / own;
      p[i] += change;
      pqp = (pqp + change * (change * own + 2 * qp[i])) / (1 + change) / (1 + change);
      for (size_t j = 0; j < classes; ++j) {
        qp[j] = (qp[j] + change * q[i * classes + j]) / (1 + change);
        p[j] /= 1 + change;
      }
    }
  }
}

}  // namespace lamina::layers
