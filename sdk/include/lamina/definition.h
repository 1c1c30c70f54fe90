// Definition: everything a layer says of itself, put together at compile time so that it can be read from the file.
#ifndef LAMINA_DEFINITION_H_
#define LAMINA_DEFINITION_H_

#include "lamina/attribute.h"
#include "lamina/signature.h"

namespace lamina LAMINA_HIDDEN {

/// A layer that tells its output shapes: void Infer(const Inference&) const.
template <class L>
concept HasInfer = requires(const L& layer, const Inference& inference) {
  layer.Infer(inference);
};

/// A layer that prepares state from its attributes: void Prepare(const Node&).
template <class L>
concept HasPrepare = requires(L& layer, const Node& node) {
  layer.Prepare(node);
};

/// A layer whose Compute is one function; of a template, .ForTypes says which ones.
template <class L>
concept HasOneCompute = requires {
  &L::Compute;
};

/// One Compute, and the types it is for.
struct Candidate {
  uint64_t input_types[16];
  uint64_t output_types[16];
  void (*invoke)(const void* layer, const Call& call);
};

/// What makes no sense is thrown, which is an error of the compiler there.
template <class L>
class Definition {
 public:
  static constexpr size_t kMaxBindings = 8, kMaxPorts = 16, kMaxAttributes = 48, kMaxExamples = 8, kMaxCandidates = 16;

  constexpr explicit Definition(const char* name) : name_(name) {
    if constexpr (HasOneCompute<L>) AddCandidate<&L::Compute>();
  }

  /// Another name than the struct's.
  constexpr Definition& Name(const char* name) { return name_ = name, *this; }
  /// One sentence or formula for the catalogue.
  constexpr Definition& Doc(const char* doc) { return doc_ = doc, *this; }

  /// The ONNX operator that this layer is; without a name it has the layer's. Operator set versions include both ends.
  constexpr Definition& Onnx(const char* domain, const char* name = nullptr, uint32_t since = 0, uint32_t until = 0) {
    return Bind("onnx", domain, name, since, until);
  }
  constexpr Definition& TensorFlow(const char* name = nullptr) { return Bind("tensorflow", "", name, 0, 0); }
  constexpr Definition& PyTorch(const char* name) { return Bind("pytorch", "", name, 0, 0); }

  /// Declares a port for a Compute(const Call&); types of kAnyType or Types<...>.
  constexpr Definition& Input(const char* name, uint64_t types = kAnyType, uint32_t flags = 0) {
    inputs_[input_count_++] = {sizeof(lamina_port), flags, name, types};
    if (!Differ(inputs_, input_count_)) throw "the layer has an input of this name already; each needs its own";
    return *this;
  }
  constexpr Definition& OptionalInput(const char* name, uint64_t types = kAnyType) {
    return Input(name, types, LAMINA_PORT_OPTIONAL);
  }
  constexpr Definition& VariadicInput(const char* name, uint64_t types = kAnyType) {
    return Input(name, types, LAMINA_PORT_VARIADIC);
  }
  constexpr Definition& Output(const char* name, uint64_t types = kAnyType, uint32_t flags = 0) {
    outputs_[output_count_++] = {sizeof(lamina_port), flags, name, types};
    if (!Differ(outputs_, output_count_)) throw "the layer has an output of this name already; each needs its own";
    return *this;
  }
  constexpr Definition& OptionalOutput(const char* name, uint64_t types = kAnyType) {
    return Output(name, types, LAMINA_PORT_OPTIONAL);
  }
  /// Names the ports that were read off Compute's parameters.
  template <class... Names>
  constexpr Definition& Inputs(Names... names) {
    if (sizeof...(names) > input_count_) throw "more names than Compute has inputs (.ForTypes<...>() comes first)";
    size_t i = 0;
    ((inputs_[i++].name = names), ...);
    if (!Differ(inputs_, input_count_)) throw "two inputs of the layer have one name; each needs its own";
    return *this;
  }
  template <class... Names>
  constexpr Definition& Outputs(Names... names) {
    if (sizeof...(names) > output_count_) throw "more names than Compute has outputs (.ForTypes<...>() comes first)";
    size_t i = 0;
    ((outputs_[i++].name = names), ...);
    if (!Differ(outputs_, output_count_)) throw "two outputs of the layer have one name; each needs its own";
    return *this;
  }
  /// The last n inputs may be absent.
  constexpr Definition& Optional(size_t n) {
    if (n > input_count_) throw "more than Compute has inputs (.ForTypes<...>() comes first)";
    for (size_t i = input_count_ - n; i < input_count_; ++i) inputs_[i].flags |= LAMINA_PORT_OPTIONAL;
    return *this;
  }
  /// For template <class T> void Compute(...): the types of T.
  template <class... T>
  constexpr Definition& ForTypes() {
    (AddCandidate<&L::template Compute<T>>(), ...);
    return *this;
  }

  /// The member takes the attribute's value; its initial value is the default.
  template <auto member>
  constexpr Definition& Attribute(const char* name, uint32_t flags = 0) {
    return Declare(name, AttributeReader<typename MemberOf<decltype(member)>::Type>::kKinds, flags, &SetMember<member>);
  }
  template <auto member>
  constexpr Definition& Required(const char* name) {
    return Attribute<member>(name, LAMINA_ATTRIBUTE_REQUIRED);
  }
  /// An attribute that Prepare reads from the node itself; kinds of KindBit(LAMINA_ATTRIBUTE_...).
  constexpr Definition& RawAttribute(const char* name, uint64_t kinds, uint32_t flags = 0) {
    return Declare(name, kinds, flags, nullptr);
  }

  /// Lets a function declare what several layers share: declare(Definition&).
  template <class Declare>
  constexpr Definition& With(Declare declare) {
    declare(*this);
    return *this;
  }

  /// Every output has the first input's shape; its type is Compute's, or else the first input's.
  constexpr Definition& SameShape() { return same_shape_ = true, *this; }

  /// Row i of every output depends on row i of every input alone, where all inputs have at least so many dimensions
  /// (see lamina_layer.row_wise_rank): 1 for a layer that takes each element by itself. A server may then run the rows
  /// of several requests as one batch.
  constexpr Definition& RowWise(uint32_t rank = 2) { return row_wise_rank_ = rank, *this; }

  /// Proof by example: "alpha=0.5 x=f32[3]{-1,0,2} -> y=f32[3]{-0.5,0,2}".
  constexpr Definition& Example(const char* example) { return examples_[example_count_++] = example, *this; }

 private:
  template <const auto& definition>
  friend struct Emit;

  using Setter = void (*)(void* layer, const lamina_attribute& value);

  constexpr Definition& Bind(const char* framework, const char* domain, const char* name, uint32_t since,
                             uint32_t until) {
    if (until && since > until) throw "the operator's versions end before they begin: since is greater than until";
    bindings_[binding_count_++] = {sizeof(lamina_binding), since, until, 0, framework, domain, name ? name : name_};
    return *this;
  }

  constexpr Definition& Declare(const char* name, uint64_t kinds, uint32_t flags, Setter setter) {
    attributes_[attribute_count_] = {sizeof(lamina_attribute_declaration), flags, name, kinds};
    setters_[attribute_count_++] = setter;
    if (!Differ(attributes_, attribute_count_))
      throw "the layer has an attribute of this name already; each needs its own";
    return *this;
  }

  /// That no two of the entries, ports or attributes, have one name.
  template <class Entry>
  static constexpr bool Differ(const Entry* entries, size_t count) {
    for (size_t i = 1; i < count; ++i) {
      for (size_t k = 0; k < i; ++k) {
        if (std::string_view(entries[i].name) == entries[k].name) return false;
      }
    }
    return true;
  }

  template <auto method>
  constexpr void AddCandidate() {
    using S = Signature<decltype(method)>;
    if constexpr (!S::kGeneric) {
      for (size_t i = input_count_; i < S::kInputs; ++i) Input(kInputNames[i]);
      for (size_t i = output_count_; i < S::kOutputs; ++i) Output(kOutputNames[i]);
      if (S::kVariadic) inputs_[S::kInputs - 1].flags |= LAMINA_PORT_VARIADIC;
    }
    Candidate& candidate = candidates_[candidate_count_++];
    candidate.invoke = [](const void* layer, const Call& call) {
      S::Invoke(*static_cast<const L*>(layer), method, call);
    };
    for (size_t i = 0; i < S::kInputs; ++i) {
      inputs_[i].types |= candidate.input_types[i] = S::InputTypes(i);
    }
    for (size_t i = 0; i < S::kOutputs; ++i) {
      outputs_[i].types |= candidate.output_types[i] = S::OutputTypes(i);
    }
  }

  static constexpr const char* kInputNames[kMaxPorts] = {"x",  "x1", "x2",  "x3",  "x4",  "x5",  "x6",  "x7",
                                                         "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15"};
  static constexpr const char* kOutputNames[kMaxPorts] = {"y",  "y1", "y2",  "y3",  "y4",  "y5",  "y6",  "y7",
                                                          "y8", "y9", "y10", "y11", "y12", "y13", "y14", "y15"};

  const char* name_;
  const char* doc_ = "";
  bool same_shape_ = false;
  uint32_t row_wise_rank_ = 0;
  size_t binding_count_ = 0, input_count_ = 0, output_count_ = 0, attribute_count_ = 0, example_count_ = 0;
  size_t candidate_count_ = 0;
  lamina_binding bindings_[kMaxBindings] = {};
  lamina_port inputs_[kMaxPorts] = {};
  lamina_port outputs_[kMaxPorts] = {};
  lamina_attribute_declaration attributes_[kMaxAttributes] = {};
  Setter setters_[kMaxAttributes] = {};
  const char* examples_[kMaxExamples] = {};
  Candidate candidates_[kMaxCandidates] = {};
};

template <class L>
constexpr Definition<L> Define(const char* name) {
  return Definition<L>(name);
}

}  // namespace LAMINA_HIDDEN

#endif  // LAMINA_DEFINITION_H_
