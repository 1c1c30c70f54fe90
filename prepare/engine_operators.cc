#include "prepare/engine_operators.h"

#include <algorithm>
#include <span>

#include "prepare/graph.h"

namespace lamina::prepare {
namespace {

// Found by giving the front-end of OpenVINO 2026.4.1 a model of one node for every operator that ONNX, onnxruntime or the
// front-end itself has a name for (tests/prepare/test_engine_operators.py does so again). Sorted.
constexpr std::string_view kOnnx[] = {
    "ATen", "Abs", "Acos", "Acosh", "Add", "Affine", "AffineGrid", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan",
    "Atanh", "Attention", "AveragePool", "BatchNormalization", "Bernoulli", "BitShift", "BitwiseAnd", "BitwiseNot",
    "BitwiseOr", "BitwiseXor", "BlackmanWindow", "Cast", "CastLike", "Ceil", "Celu", "CenterCropPad", "Clip", "Col2Im",
    "Compress", "Concat", "ConcatFromSequence", "Constant", "ConstantFill", "ConstantOfShape", "Conv", "ConvInteger",
    "ConvTranspose", "Cos", "Cosh", "Crop", "CumSum", "DFT", "DeformableConv2D", "DepthToSpace", "DequantizeLinear",
    "DetectionOutput", "Div", "Dropout", "DynamicQuantizeLinear", "Einsum", "Elu", "Equal", "Erf", "Exp", "Expand",
    "ExperimentalDetectronDetectionOutput", "ExperimentalDetectronGroupNorm", "ExperimentalDetectronPriorGridGenerator",
    "ExperimentalDetectronROIFeatureExtractor", "ExperimentalDetectronTopKROIs", "EyeLike", "FakeQuantize", "Flatten",
    "Floor", "GRU", "Gather", "GatherElements", "GatherND", "Gelu", "Gemm", "GenerateProposals", "GlobalAveragePool",
    "GlobalLpPool", "GlobalMaxPool", "Greater", "GreaterOrEqual", "GridSample", "GroupNorm", "GroupNormalization",
    "HammingWindow", "HannWindow", "HardSigmoid", "HardSwish", "Hardmax", "Identity", "If", "ImageScaler",
    "InstanceNormalization", "IsFinite", "IsInf", "IsNaN", "LRN", "LSTM", "LayerNormalization", "LeakyRelu", "Less",
    "LessOrEqual", "Log", "LogSoftmax", "Loop", "LpNormalization", "LpPool", "MatMul", "MatMulInteger", "Max",
    "MaxPool", "MaxRoiPool", "Mean", "MeanVarianceNormalization", "Min", "Mish", "Mod", "Mul", "Multinomial", "Neg",
    "NegativeLogLikelihoodLoss", "NonMaxSuppression", "NonZero", "Normalize", "Not", "OneHot", "Or", "PRelu", "Pad",
    "Pow", "PriorBox", "PriorBoxClustered", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "RMSNormalization", "RNN",
    "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range", "Reciprocal", "ReduceL1",
    "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
    "ReduceSumSquare", "Relu", "Reshape", "Resize", "ReverseSequence", "RoiAlign", "RotaryEmbedding", "Round", "STFT",
    "Scan", "Scatter", "ScatterElements", "ScatterND", "Selu", "SequenceAt", "SequenceConstruct", "SequenceEmpty",
    "SequenceErase", "SequenceInsert", "SequenceLength", "Shape", "Shrink", "Sigmoid", "Sign",
    "SimplifiedLayerNormalization", "Sin", "Sinh", "Size", "Slice", "Softmax", "SoftmaxCrossEntropyLoss", "Softplus",
    "Softsign", "SpaceToDepth", "Split", "SplitToSequence", "Sqrt", "Squeeze", "Sub", "Sum", "Swish", "Tan", "Tanh",
    "ThresholdedRelu", "Tile", "TopK", "Transpose", "Trilu", "Unique", "Unsqueeze", "Upsample", "Where", "Xor",
};

constexpr std::string_view kOnnxMl[] = {
    "Normalizer",
};

constexpr std::string_view kMicrosoft[] = {
    "Attention", "BiasAdd", "BiasGelu", "BifurcationDetector", "DequantizeLinear", "DynamicQuantizeLSTM",
    "DynamicQuantizeMatMul", "EmbedLayerNormalization", "FastGelu", "FusedConv", "FusedGemm", "FusedMatMul",
    "GatherBlockQuantized", "GatherND", "Gelu", "GroupNorm", "GroupQueryAttention", "MatMulIntegerToFloat",
    "MatMulNBits", "MultiHeadAttention", "Pad", "QLinearAdd", "QLinearAveragePool", "QLinearConcat", "QLinearLeakyRelu",
    "QLinearMul", "QLinearReduceMean", "QLinearSigmoid", "QLinearSoftmax", "QLinearWhere", "QuantizeLinear",
    "QuickGelu", "Range", "RotaryEmbedding", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "Trilu",
};

constexpr std::string_view kMmdeploy[] = {
    "MMCVRoIAlignRotated", "NMSRotated",
};

constexpr std::string_view kOpenVino[] = {
    "DeformableConv2D", "DetectionOutput", "ExperimentalDetectronDetectionOutput", "ExperimentalDetectronGroupNorm",
    "ExperimentalDetectronPriorGridGenerator", "ExperimentalDetectronROIFeatureExtractor",
    "ExperimentalDetectronTopKROIs", "FakeQuantize", "GenerateProposals", "GroupNorm", "Normalize", "PriorBox",
    "PriorBoxClustered", "Swish",
};

struct Domain {
  std::string_view name;
  std::span<const std::string_view> operators;
};

constexpr Domain kDomains[] = {
    {"", kOnnx},
    {"ai.onnx.ml", kOnnxMl},
    {"com.microsoft", kMicrosoft},
    {"mmdeploy", kMmdeploy},
    {"org.openvinotoolkit", kOpenVino},
};

}  // namespace

bool EngineTakes(std::string_view domain, std::string_view name) {
  for (const Domain& known : kDomains) {
    if (known.name != NormalDomain(domain)) continue;
    return std::binary_search(known.operators.begin(), known.operators.end(), name);
  }
  return false;
}

void ForEachEngineOperator(const std::function<void(std::string_view domain, std::string_view name)>& visit) {
  for (const Domain& domain : kDomains) {
    for (const std::string_view name : domain.operators) visit(domain.name, name);
  }
}

}  // namespace lamina::prepare
