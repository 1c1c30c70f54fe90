#include "extension/simd/product.h"

#include <cmath>

#include "extension/simd/testing.h"

namespace lamina::simd {
namespace {

template <class T>
void CheckAtEverySize(double tolerance) {
  for (const size_t rows : {0, 1, 2, 3, 4, 7, 8, 9, 17}) {
    for (const size_t count : {1, 2, 7, 8, 9, 15, 16, 17, 33}) {
      for (const size_t depth : {1, 3, 16, 50}) {
        const auto x = Values<T>(rows * depth, 1), w = Values<T>(count * depth, 2), bias = Values<T>(count, 3);
        std::vector<T> products(rows * count), distances(rows * count);
        const Packed<T> packed(w.data(), count, depth);
        Products(x.data(), rows, packed, bias.data(), products.data());
        SquaredDistances(x.data(), rows, packed, distances.data());
        for (size_t i = 0; i < rows * count; ++i) {
          double product = bias[i % count], distance = 0;
          for (size_t k = 0; k < depth; ++k) {
            const double a = x[i / count * depth + k], b = w[i % count * depth + k];
            product += a * b;
            distance += (a - b) * (a - b);
          }
          ASSERT_NEAR(product, products[i], tolerance * (1 + std::abs(product)))
              << rows << " x " << count << " x " << depth;
          ASSERT_NEAR(distance, distances[i], tolerance * (1 + distance)) << rows << " x " << count << " x " << depth;
        }
      }
    }
  }
}

TEST(Product, AgreesWithPlainSums) {
  ForEachTarget([](const std::string&) {
    CheckAtEverySize<float>(1e-5);
    CheckAtEverySize<double>(1e-13);
  });
}

TEST(Product, OfOneRowAgreesWithPlainSums) {
  ForEachTarget([](const std::string& target) {
    for (size_t depth = 0; depth < 70; ++depth) {
      const auto x = Values<float>(3 * depth, 1), w = Values<float>(depth, 2);
      float products[3];
      Products(x.data(), 3, w.data(), depth, 0.5f, products);
      for (size_t r = 0; r < 3; ++r) {
        double sum = 0;
        for (size_t k = 0; k < depth; ++k) sum += double{x[r * depth + k]} * w[k];
        EXPECT_NEAR(sum + 0.5, products[r], 1e-5) << target;
        EXPECT_NEAR(sum, Dot(x.data() + r * depth, w.data(), depth), 1e-13) << target;
      }
    }
  });
}

}  // namespace
}  // namespace lamina::simd
