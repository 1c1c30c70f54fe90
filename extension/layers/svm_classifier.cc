#include <lamina/layer.h>

#include <algorithm>

#include "extension/layers/labels.h"
#include "extension/layers/linear_scores.h"
#include "extension/layers/pairwise_probability.h"
#include "extension/layers/rows.h"
#include "extension/layers/svm_kernel.h"

namespace lamina::layers {
namespace {

/// For each pair of classes i < j the decision d = the sum over the support vectors v of both of coefficient_v *
/// kernel(x, v), plus rho: a vote for i if d > 0, else for j. The label is the first with the most votes.
///
/// Inputs: x [N, C] or [C], f32, f64, i64 or i32; used as f32.
/// Attributes: classlabels_strings or classlabels_ints (E); vectors_per_class [E], support_vectors [V, C], coefficients
/// [E - 1, V], rho, one for each pair; prob_a and prob_b, none or one for each pair; kernel_type LINEAR (default),
/// POLY, RBF or SIGMOID, kernel_params gamma, coef0, degree; post_transform. Without vectors_per_class (liblinear)
/// coefficients are [E, C], a class's score is x.coefficients + rho[0], and the label is that of the highest score; of
/// two labels the second if the highest score is above 0 (0.5 if no coefficient is negative).
/// Outputs: the label of each row [N], string or i64; scores, f32: with prob_a the probabilities of the classes [N, E];
/// else the decisions of all pairs [N, E (E - 1) / 2], of two classes (-d, d), with LOGISTIC (logistic(-d),
/// logistic(d)), with SOFTMAX or SOFTMAX_ZERO (1 - d, d), with PROBIT (probit(d), 0); liblinear's scores [N, E].
/// Errors: numbers that don't fit together, fewer than two classes with support vectors, an unknown kernel or
/// transform.
/// Source: ai.onnx.ml SVMClassifier, 1; conventions are onnxruntime's, probabilities libsvm's.
/// Accuracy: 1e-6 of the sum of the terms' magnitudes; sums are made in f64.
struct SVMClassifier {
  std::vector<std::string> classlabels_strings;
  std::vector<int64_t> classlabels_ints, vectors_per_class;
  std::vector<float> coefficients, support_vectors, rho, prob_a, prob_b, kernel_params;
  std::string kernel_type = "LINEAR", post_transform = "NONE";

  void Prepare(const Node&) {
    labels_ = Labels(classlabels_strings, classlabels_ints, kName);
    transform_ = TransformNamed(post_transform, kName);
    Require(prob_a.size() == prob_b.size(), kName, ": prob_a has ", prob_a.size(), " values and prob_b ", prob_b.size(),
            ", expected as many of the one as of the other");
    Require(!rho.empty(), kName, ": rho is empty");
    int64_t vectors = 0;
    for (const int64_t count : vectors_per_class) {
      Require(count >= 0 && count <= kMostVectors, kName, ": vectors_per_class has ", count, ", expected 0 to ",
              kMostVectors);
      first_vector_.push_back(static_cast<size_t>(vectors));
      vectors += count;
    }
    vectors > 0 ? PrepareVectors(static_cast<size_t>(vectors)) : PrepareLinear();
  }

  void Infer(const Inference& inference) const {
    const int64_t rows = RowsOf(inference.In(0), kName, features()).rows;
    inference.SetOutput(0, labels_.type(), {rows});
    inference.SetOutput(1, LAMINA_F32, {rows, static_cast<int64_t>(width())});
  }

  void Compute(const Call& call) const {
    const lamina::Input x = call.In(0);
    const size_t rows = x.size() / features();
    const float* from = FloatsOf(x, call);
    float* scores =
        call.Out(1).present() ? static_cast<float*>(call.Out(1).data()) : call.Scratch<float>(rows * width()).data();
    int64_t* places = labels_.Places(call, 0, rows);
    call.ParallelFor(rows, Grain(features() * std::max<size_t>(1, kernel_.vectors())), [&](size_t begin, size_t end) {
      const float* part = from + begin * features();
      is_linear_ ? Linear(part, end - begin, places + begin, scores + begin * width())
                 : Vectors(part, end - begin, places + begin, scores + begin * width(), call);
    });
    labels_.Write(call, 0, places, rows);
  }

 private:
  static constexpr const char* kName = "SVMClassifier";
  static constexpr int64_t kMostVectors = int64_t{1} << 31;  // of one class, so that their sum cannot overflow

  size_t classes() const { return labels_.size(); }
  size_t pairs() const { return classes() * (classes() - 1) / 2; }
  size_t features() const { return is_linear_ ? linear_.features() : kernel_.features(); }
  size_t width() const { return is_linear_ || !prob_a.empty() ? classes() : std::max<size_t>(2, pairs()); }

  void PrepareVectors(size_t vectors) {
    kernel_ = SvmKernel(kernel_type, kernel_params, support_vectors, vectors, kName);
    Require(classes() >= 2 && vectors_per_class.size() == classes(), kName, ": there are ", classes(), " labels and ",
            vectors_per_class.size(), " vectors_per_class, expected two or more of each, one for one");
    Require(coefficients.size() == (classes() - 1) * vectors, kName, ": there are ", coefficients.size(),
            " coefficients, expected ", classes() - 1, " for each of ", vectors, " support vectors");
    Require(rho.size() == pairs(), kName, ": rho has ", rho.size(), " values, expected one for each of ", pairs(),
            " pairs of classes");
    Require(prob_a.empty() || prob_a.size() == pairs(), kName, ": prob_a has ", prob_a.size(),
            " values, expected none or one for each of ", pairs(), " pairs of classes");
  }

  void PrepareLinear() {
    is_linear_ = true;
    linear_ = LinearScores(coefficients, std::vector<float>(classes(), rho[0]), classes(), kName);
    none_negative_ = std::all_of(coefficients.begin(), coefficients.end(), [](float c) { return c >= 0; });
  }

  void Linear(const float* x, size_t rows, int64_t* places, float* scores) const {
    linear_.Compute(x, rows, scores);
    for (size_t r = 0; r < rows; ++r) {
      const float* own = scores + r * classes();
      const float* highest = std::max_element(own, own + classes());
      const bool second = classes() == 2 && prob_a.empty() && (none_negative_ ? *highest >= 0.5f : *highest > 0);
      places[r] = second ? 1 : highest - own;
    }
    Transform(transform_, scores, rows, classes());
  }

  void Vectors(const float* x, size_t rows, int64_t* places, float* scores, const Call& call) const {
    constexpr size_t kBlock = 32;
    const auto likeness = call.Scratch<float>(std::min(rows, kBlock) * kernel_.vectors());
    std::vector<float> decisions(pairs()), pairwise(classes() * classes());
    std::vector<int64_t> votes(classes());
    for (size_t r = 0; r < rows; ++r) {
      if (r % kBlock == 0) kernel_.Compute(x + r * features(), std::min(kBlock, rows - r), likeness.data());
      std::fill(votes.begin(), votes.end(), 0);
      Decide(likeness.data() + r % kBlock * kernel_.vectors(), decisions.data(), votes.data());
      places[r] = std::max_element(votes.begin(), votes.end()) - votes.begin();
      WriteScores(decisions, pairwise, scores + r * width());
    }
  }

  /// Coefficients have one row fewer than there are classes, as no class is paired with itself: the vectors of class i
  /// meet class j in row j - 1 if j > i, in row j if j < i.
  void Decide(const float* likeness, float* decisions, int64_t* votes) const {
    const size_t vectors = kernel_.vectors();
    const auto part = [&](size_t row, size_t of) {
      const size_t first = first_vector_[of], count = static_cast<size_t>(vectors_per_class[of]);
      return simd::Dot(coefficients.data() + row * vectors + first, likeness + first, count);
    };
    size_t pair = 0;
    for (size_t i = 0; i + 1 < classes(); ++i) {
      for (size_t j = i + 1; j < classes(); ++j, ++pair) {
        const double decision = part(j - 1, i) + part(i, j) + rho[pair];
        decisions[pair] = static_cast<float>(decision);
        ++votes[decision > 0 ? i : j];
      }
    }
  }

  void WriteScores(const std::vector<float>& decisions, std::vector<float>& pairwise, float* scores) const {
    using forest::PostTransform;
    if (!prob_a.empty()) {
      Pairwise(decisions, pairwise);
      CouplePairs(pairwise, classes(), scores);
    } else if (pairs() == 1) {
      const float d = decisions[0];
      if (transform_ == PostTransform::kProbit) return Put(forest::Probit(d), 0, scores);
      if (transform_ == PostTransform::kLogistic) return Put(forest::Logistic(-d), forest::Logistic(d), scores);
      return Put(transform_ == PostTransform::kNone ? -d : 1 - d, d, scores);
    } else {
      std::copy(decisions.begin(), decisions.end(), scores);
    }
    Transform(transform_, scores, 1, width());
  }
  static void Put(float first, float second, float* scores) {
    scores[0] = first;
    scores[1] = second;
  }

  /// Platt's probabilities of each pair, kept away from 0 and 1.
  void Pairwise(const std::vector<float>& decisions, std::vector<float>& pairwise) const {
    constexpr float kLeast = 1e-7f;
    size_t pair = 0;
    for (size_t i = 0; i + 1 < classes(); ++i) {
      for (size_t j = i + 1; j < classes(); ++j, ++pair) {
        const float p = 1 - forest::Logistic(decisions[pair] * prob_a[pair] + prob_b[pair]);
        pairwise[i * classes() + j] = std::clamp(p, kLeast, 1 - kLeast);
        pairwise[j * classes() + i] = 1 - pairwise[i * classes() + j];
      }
    }
  }

  Labels labels_;
  forest::PostTransform transform_ = forest::PostTransform::kNone;
  SvmKernel kernel_;
  std::vector<size_t> first_vector_;
  bool is_linear_ = false, none_negative_ = false;
  LinearScores linear_;
};

LAMINA_LAYER(SVMClassifier,
             .Onnx("ai.onnx.ml")
                 .Doc("the label with the most votes of pairs of classes, and scores or probabilities")
                 .Input("x", Types<float, double, int64_t, int32_t>)
                 .Output("label", Types<std::string_view, int64_t>)
                 .Output("scores", Types<float>)
                 .Attribute<&SVMClassifier::classlabels_strings>("classlabels_strings")
                 .Attribute<&SVMClassifier::classlabels_ints>("classlabels_ints")
                 .Attribute<&SVMClassifier::vectors_per_class>("vectors_per_class")
                 .Required<&SVMClassifier::coefficients>("coefficients")
                 .Attribute<&SVMClassifier::support_vectors>("support_vectors")
                 .Required<&SVMClassifier::rho>("rho")
                 .Attribute<&SVMClassifier::prob_a>("prob_a")
                 .Attribute<&SVMClassifier::prob_b>("prob_b")
                 .Attribute<&SVMClassifier::kernel_params>("kernel_params")
                 .Attribute<&SVMClassifier::kernel_type>("kernel_type")
                 .Attribute<&SVMClassifier::post_transform>("post_transform")
                 .Example("classlabels_ints=[5,6] vectors_per_class=[1,1] support_vectors=[1.0,0.0,0.0,1.0] "
                          "coefficients=[1.0,-1.0] rho=[0.25] x=f32[2,2]{2,0,0,3} "
                          "-> label=i64[2]{5,6} scores=f32[2,2]{-2.25,2.25,2.75,-2.75}"));

}  // namespace
}  // namespace lamina::layers
