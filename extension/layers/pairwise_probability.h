// From the probabilities of pairs of classes to those of all classes.
#ifndef LAMINA_EXTENSION_LAYERS_PAIRWISE_PROBABILITY_H_
#define LAMINA_EXTENSION_LAYERS_PAIRWISE_PROBABILITY_H_

#include <cstddef>
#include <vector>

namespace lamina::layers {

/// p minimises the sum over pairs of (r[j][i] p[i] - r[i][j] p[j])^2, where r[i][j] is the probability of class i among
/// i and j: Wu, Lin and Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling", JMLR 5
/// (2004), algorithm 2. Steps, stop and arithmetic are libsvm's with f32, as onnxruntime has it, so that results agree.
/// r is [classes, classes]; p receives `classes` values.
void CouplePairs(const std::vector<float>& r, size_t classes, float* p);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_PAIRWISE_PROBABILITY_H_
