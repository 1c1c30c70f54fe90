#include "extension/layers/svm_kernel.h"

#include <cmath>
#include <string_view>

#include "extension/simd/curves.h"

namespace lamina::layers {
namespace {

void Polynomial(float* v, size_t n, float gamma, float coef0, float degree) {
  for (size_t i = 0; i < n; ++i) {
    const float base = gamma * v[i] + coef0;
    v[i] = degree == 2 ? base * base : degree == 3 ? base * base * base : std::pow(base, degree);
  }
}

}  // namespace

SvmKernel::SvmKernel(const std::string& kernel, const std::vector<float>& params, const std::vector<float>& vectors,
                     size_t count, const char* layer) {
  constexpr std::string_view kNames[] = {"LINEAR", "POLY", "RBF", "SIGMOID"};
  size_t kind = 0;
  while (kind < std::size(kNames) && kernel != kNames[kind]) ++kind;
  Require(kind < std::size(kNames), layer, ": kernel_type is '", kernel, "', expected LINEAR, POLY, RBF or SIGMOID");
  Require(params.empty() || params.size() == 3, layer, ": kernel_params has ", params.size(),
          " values, expected gamma, coef0 and degree");
  Require(count > 0 && !vectors.empty() && vectors.size() % count == 0, layer, ": support_vectors has ", vectors.size(),
          " values for ", count, " vectors, expected a whole number for each");
  kind_ = static_cast<Kind>(kind);
  if (!params.empty()) {
    gamma_ = params[0];
    coef0_ = params[1];
    degree_ = params[2];
  }
  vectors_ = simd::Packed<float>(vectors.data(), count, vectors.size() / count);
}

void SvmKernel::Compute(const float* x, size_t rows, float* out) const {
  const size_t n = rows * vectors();
  if (kind_ == Kind::kRbf) {
    simd::SquaredDistances(x, rows, vectors_, out);
    return simd::ExpOf(out, -gamma_, n);
  }
  simd::Products(x, rows, vectors_, nullptr, out);
  if (kind_ == Kind::kPoly) Polynomial(out, n, gamma_, coef0_, degree_);
  if (kind_ == Kind::kSigmoid) simd::TanhOf(out, gamma_, coef0_, n);
}

}  // namespace lamina::layers
