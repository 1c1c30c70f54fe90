// Reads the signature of a layer's Compute: In<T> and Variadic<T> are its inputs, Out<T> its outputs, in order.
#ifndef LAMINA_SIGNATURE_H_
#define LAMINA_SIGNATURE_H_

#include <array>
#include <tuple>
#include <utility>

#include "lamina/context.h"

namespace lamina LAMINA_HIDDEN {

/// What one parameter of Compute stands for.
template <class Parameter>
struct Argument;

template <class T>
struct Argument<In<T>> {
  static constexpr bool kIsInput = true, kIsOutput = false, kIsVariadic = false;
  static constexpr uint64_t kTypes = Types<T>;
  static In<T> Make(const Call& call, size_t input, size_t) {
    return In<T>(input < call.input_count() ? call.abi()->inputs[input] : nullptr);
  }
};

template <class T>
struct Argument<Variadic<T>> {
  static constexpr bool kIsInput = true, kIsOutput = false, kIsVariadic = true;
  static constexpr uint64_t kTypes = Types<T>;
  static Variadic<T> Make(const Call& call, size_t input, size_t) {
    const size_t count = call.input_count(), first = input < count ? input : count;  // optional ones may be left out
    return Variadic<T>({call.abi()->inputs + first, count - first});
  }
};

template <class T>
struct Argument<Out<T>> {
  static constexpr bool kIsInput = false, kIsOutput = true, kIsVariadic = false;
  static constexpr uint64_t kTypes = Types<T>;
  static Out<T> Make(const Call& call, size_t, size_t output) { return Out<T>(call.abi(), output); }
};

template <>
struct Argument<Call> {
  static constexpr bool kIsInput = false, kIsOutput = false, kIsVariadic = false;
  static constexpr uint64_t kTypes = 0;
  static const Call& Make(const Call& call, size_t, size_t) { return call; }
};

template <class Method>
struct Signature {
  static_assert(!sizeof(Method),
                "declare Compute as void Compute(...) const, without noexcept: several threads call it at once, and it "
                "changes nothing in the layer");
};

template <class Layer, class... Parameters>
struct Signature<void (Layer::*)(Parameters...) const> {
  template <class P>
  using ArgumentOf = Argument<std::remove_cvref_t<P>>;

  static constexpr size_t kInputs = (size_t{ArgumentOf<Parameters>::kIsInput} + ... + 0);
  static constexpr size_t kOutputs = (size_t{ArgumentOf<Parameters>::kIsOutput} + ... + 0);
  static constexpr bool kVariadic = (ArgumentOf<Parameters>::kIsVariadic || ...);
  /// Compute(const Call&) alone: the layer declares its ports itself.
  static constexpr bool kGeneric = kInputs == 0 && kOutputs == 0;

  /// The types of the nth input (or output).
  static constexpr uint64_t InputTypes(size_t n) { return Nth(n, {ArgumentOf<Parameters>::kIsInput...}); }
  static constexpr uint64_t OutputTypes(size_t n) { return Nth(n, {ArgumentOf<Parameters>::kIsOutput...}); }

  /// Calls the method with its inputs and outputs taken from the call.
  static void Invoke(const Layer& layer, void (Layer::*method)(Parameters...) const, const Call& call) {
    InvokeAt(layer, method, call, std::index_sequence_for<Parameters...>());
  }

 private:
  using Flags = std::array<bool, sizeof...(Parameters)>;

  static constexpr uint64_t Nth(size_t n, Flags counts) {
    constexpr std::array<uint64_t, sizeof...(Parameters)> types = {ArgumentOf<Parameters>::kTypes...};
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] && n-- == 0) return types[i];
    }
    return 0;
  }
  static constexpr size_t Before(size_t i, Flags counts) {
    size_t before = 0;
    for (size_t k = 0; k < i; ++k) before += counts[k];
    return before;
  }
  template <size_t... i>
  static void InvokeAt(const Layer& layer, void (Layer::*method)(Parameters...) const, const Call& call,
                       std::index_sequence<i...>) {
    (layer.*method)(ArgumentOf<Parameters>::Make(call, Before(i, {ArgumentOf<Parameters>::kIsInput...}),
                                                 Before(i, {ArgumentOf<Parameters>::kIsOutput...}))...);
  }
};

}  // namespace lamina

#endif  // LAMINA_SIGNATURE_H_
