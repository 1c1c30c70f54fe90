// A layer in a page of C++. Include this, write a struct with a Compute, say what it is with LAMINA_LAYER, compile to a
// shared library:
//
//   #include <lamina/layer.h>
//
//   /// y = x where x > 0, alpha * x elsewhere.
//   struct LeakyRelu {
//     float alpha = 0.01f;
//     void Compute(lamina::In<float> x, lamina::Out<float> y) const {
//       for (size_t i = 0; i < x.size(); ++i) y[i] = x[i] > 0 ? x[i] : alpha * x[i];
//     }
//   };
//   LAMINA_LAYER(LeakyRelu, .Onnx("my.domain").Attribute<&LeakyRelu::alpha>("alpha").SameShape());
//
// What a struct may have, besides:
//   void Prepare(const lamina::Node&)              once per node, after its attributes are set; may throw lamina::Error
//   void Infer(const lamina::Inference&) const     instead of .SameShape(): the outputs' types and shapes
//   void Compute(const lamina::Call&) const        ports of any type, declared with .Input and .Output
//   template <class T> void Compute(In<T>, ...)    for the types of .ForTypes<...>()
// An object is one node of one model; Compute runs on several threads at once and must not change it.
#ifndef LAMINA_LAYER_H_
#define LAMINA_LAYER_H_

#include <new>

#include "lamina/definition.h"

namespace lamina LAMINA_HIDDEN {

/// Runs a callback's body; what it throws becomes a code and a message.
template <class Body>
int32_t Guard(const lamina_host* host, void* context, Body&& body) noexcept {
  auto fail = [&](int32_t code, std::string_view message) {
    host->fail(context, code, message.data(), message.size());
    return code;
  };
  try {
    body();
    return LAMINA_OK;
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(LAMINA_RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception& error) {
    return fail(LAMINA_INTERNAL, error.what());
  } catch (...) {
    return fail(LAMINA_INTERNAL, "the layer threw something that is not a std::exception");
  }
}

/// The ABI's table of a definition, all of it constant.
template <const auto& definition>
struct Emit {
  template <class L>
  static L LayerOf(const Definition<L>&);
  using Layer = decltype(LayerOf(definition));

  static_assert(HasInfer<Layer> || definition.same_shape_, "say the outputs' shapes: .SameShape() or a method Infer");
  static_assert(definition.candidate_count_ > 0, "the layer has no Compute (of a template: .ForTypes<...>())");
  static_assert(definition.output_count_ > 0, "the layer has no output");

  static int32_t Create(const lamina_node* node, void** state) noexcept {
    return Guard(node->host, node->context, [&] {
      auto* layer = new Layer();  // NOLINT(bugprone-unhandled-exception-at-new): Guard handles it
      try {
        SetAttributes(*layer, *node);
        if constexpr (HasPrepare<Layer>) layer->Prepare(Node(node));
      } catch (...) {
        delete layer;
        throw;
      }
      *state = layer;
    });
  }

  static void Destroy(void* state) noexcept { delete static_cast<Layer*>(state); }

  static int32_t Infer(const void* state, const lamina_inference* abi) noexcept {
    return Guard(abi->host, abi->context, [&] {
      const Inference inference(abi);
      const Candidate& candidate = Choose(inference);
      if constexpr (HasInfer<Layer>) {
        static_cast<const Layer*>(state)->Infer(inference);
      } else {
        Require(inference.In(0).present(), "the outputs have the shape of input 0, which is absent");
        for (size_t i = 0; i < inference.output_count(); ++i) {
          const uint64_t types = candidate.output_types[i];
          inference.SetOutputLike(i, types ? std::countr_zero(types) : inference.In(0).type(), inference.In(0));
        }
      }
    });
  }

  static int32_t Compute(const void* state, const lamina_call* abi) noexcept {
    return Guard(abi->host, abi->context, [&] {
      const Call call(abi);
      Choose(call).invoke(state, call);
    });
  }

  static void SetAttributes(Layer& layer, const lamina_node& node) {
    for (uint64_t k = 0; k < node.attribute_count; ++k) {
      const lamina_attribute& attribute = *node.attributes[k];
      for (size_t i = 0; i < definition.attribute_count_; ++i) {
        if (definition.setters_[i] && std::string_view(definition.attributes_[i].name) == attribute.name) {
          definition.setters_[i](&layer, attribute);
        }
      }
    }
  }

  /// The first Compute for these inputs' types.
  template <class Context>
  static const Candidate& Choose(const Context& context) {
    if constexpr (definition.candidate_count_ == 1) return definition.candidates_[0];
    std::string got;
    for (size_t c = 0; c < definition.candidate_count_; ++c) {
      if (Fits(definition.candidates_[c], context)) return definition.candidates_[c];
    }
    for (size_t i = 0; i < context.input_count(); ++i) {
      const auto input = context.In(i);
      got += Cat(i ? ", " : "", input.present() ? TypeName(input.type()) : "absent");
    }
    throw Error(Cat(definition.name_, " takes no inputs of types (", got, ")"));
  }
  template <class Context>
  static bool Fits(const Candidate& candidate, const Context& context) {
    for (size_t i = 0; i < context.input_count() && definition.input_count_ > 0; ++i) {
      // The last declared port stands for all that follow: it is variadic then.
      const uint64_t types = candidate.input_types[i < definition.input_count_ ? i : definition.input_count_ - 1];
      const auto input = context.In(i);
      if (types && input.present() && input.type() != LAMINA_DYNAMIC && !(types >> input.type() & 1)) return false;
    }
    return true;
  }

  static constexpr lamina_layer kTable = {sizeof(lamina_layer),
                                          uint32_t(definition.binding_count_),
                                          uint32_t(definition.input_count_),
                                          uint32_t(definition.output_count_),
                                          uint32_t(definition.attribute_count_),
                                          uint32_t(definition.example_count_),
                                          definition.name_,
                                          definition.doc_,
                                          definition.bindings_,
                                          definition.inputs_,
                                          definition.outputs_,
                                          definition.attributes_,
                                          definition.examples_,
                                          &Create,
                                          &Destroy,
                                          &Infer,
                                          &Compute,
                                          definition.row_wise_rank_,
                                          0};
};

}  // namespace lamina

/// The library's name and version, as `lamina inspect` and the server's log show them: give them to the compiler.
#ifndef LAMINA_LIBRARY_NAME
#define LAMINA_LIBRARY_NAME "unnamed"
#endif
#ifndef LAMINA_LIBRARY_VERSION
#define LAMINA_LIBRARY_VERSION "0"
#endif

#if defined(__AVX512F__) && defined(__AVX512BW__)
#define LAMINA_COMPILED_ISA LAMINA_ISA_AVX512
#elif defined(__AVX2__)
#define LAMINA_COMPILED_ISA LAMINA_ISA_AVX2
#elif defined(__SSE4_2__)
#define LAMINA_COMPILED_ISA LAMINA_ISA_SSE42
#else
#define LAMINA_COMPILED_ISA LAMINA_ISA_BASE
#endif

// The linker gathers the section lamina_layers of all files and names its ends; the table points at them.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
extern const lamina_layer* const __start_lamina_layers[] __attribute__((visibility("hidden")));
extern const lamina_layer* const __stop_lamina_layers[] __attribute__((visibility("hidden")));
// NOLINTEND(bugprone-reserved-identifier)
extern const lamina_library_table lamina_library __attribute__((visibility("default"), weak));
const lamina_library_table lamina_library = {
    LAMINA_MAGIC,        sizeof(lamina_library_table), LAMINA_ABI_MAJOR,      LAMINA_ABI_MINOR,    LAMINA_COMPILED_ISA,
    LAMINA_LIBRARY_NAME, LAMINA_LIBRARY_VERSION,       __start_lamina_layers, __stop_lamina_layers};
}

/// Makes the struct a layer of this library: LAMINA_LAYER(Struct, .Onnx("domain").SameShape());
#define LAMINA_LAYER(layer, ...)                                                                   \
  static constexpr auto lamina_definition_##layer = ::lamina::Define<layer>(#layer) __VA_ARGS__;   \
  __attribute__((section("lamina_layers"), used)) static const lamina_layer* const lamina_entry_##layer = \
      &::lamina::Emit<lamina_definition_##layer>::kTable

#endif  // LAMINA_LAYER_H_
