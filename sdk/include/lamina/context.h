// What a layer is told and offered: Node when its state is prepared, Inference for shapes, Call for computing.
#ifndef LAMINA_CONTEXT_H_
#define LAMINA_CONTEXT_H_

#include <atomic>
#include <exception>
#include <vector>

#include "lamina/tensor.h"

namespace lamina LAMINA_HIDDEN {

/// The node that a layer is prepared for.
class Node {
 public:
  explicit Node(const lamina_node* node) : node_(node) {}

  std::string_view name() const { return node_->name; }
  std::string_view domain() const { return node_->domain; }
  std::string_view operator_name() const { return node_->operator_name; }
  /// The version of the operator set; 0 if it is not known.
  uint32_t opset() const { return node_->opset; }
  size_t input_count() const { return node_->input_count; }
  size_t output_count() const { return node_->output_count; }
  /// The best instruction set that the layer may use: LAMINA_ISA_SSE42, ...
  uint32_t isa() const { return node_->host->isa; }

  /// Null if the node has no such attribute.
  const lamina_attribute* Find(std::string_view name) const {
    for (uint64_t i = 0; i < node_->attribute_count; ++i) {
      if (node_->attributes[i]->name == name) return node_->attributes[i];
    }
    return nullptr;
  }
  /// A tensor attribute; not present() if the node has none of that name.
  Input Tensor(std::string_view name) const {
    const lamina_attribute* a = Find(name);
    return Input(a && a->kind == LAMINA_ATTRIBUTE_TENSOR && a->count ? a->tensors[0] : nullptr);
  }
  void Log(int32_t level, std::string_view message) const {
    node_->host->log(node_->context, level, message.data(), message.size());
  }

 private:
  const lamina_node* node_;
};

/// Shapes: inputs as far as they are known, outputs to be said.
class Inference {
 public:
  explicit Inference(const lamina_inference* inference) : inference_(inference) {}

  size_t input_count() const { return inference_->input_count; }
  size_t output_count() const { return inference_->output_count; }
  /// Not present() if it is absent. Its data() is null unless its value is a constant.
  Input In(size_t i) const { return Input(i < input_count() ? inference_->inputs[i] : nullptr); }

  /// Dimensions of -1 are known only later, from the inputs' shapes or after computing. An output that the node does
  /// not have is passed over.
  void SetOutput(size_t i, int32_t type, std::span<const int64_t> dims) const {
    if (i < output_count())
      inference_->host->set_output(inference_->context, i, type, int32_t(dims.size()), dims.data());
  }
  void SetOutput(size_t i, int32_t type, std::initializer_list<int64_t> dims) const {
    SetOutput(i, type, std::span(dims.begin(), dims.size()));
  }
  /// An output of which not even the rank is known.
  void SetOutputOfAnyShape(size_t i, int32_t type) const {
    if (i < output_count()) inference_->host->set_output(inference_->context, i, type, -1, nullptr);
  }
  /// The output has the input's dimensions, known or not.
  void SetOutputLike(size_t i, int32_t type, const Input& input) const {
    input.rank() < 0 ? SetOutputOfAnyShape(i, type) : SetOutput(i, type, input.dims());
  }

 private:
  const lamina_inference* inference_;
};

/// One computation, on one thread unless it calls ParallelFor.
class Call {
 public:
  explicit Call(const lamina_call* call) : call_(call) {}

  size_t input_count() const { return call_->input_count; }
  size_t output_count() const { return call_->output_count; }
  Input In(size_t i) const { return Input(i < input_count() ? call_->inputs[i] : nullptr); }
  Output Out(size_t i) const { return Output(call_, i); }
  const lamina_call* abi() const { return call_; }

  uint32_t isa() const { return call_->host->isa; }
  /// Threads that ParallelFor may use, this one included.
  size_t thread_count() const { return call_->host->thread_count(call_->context); }
  bool cancelled() const { return call_->host->cancelled(call_->context) != 0; }
  void Log(int32_t level, std::string_view message) const {
    call_->host->log(call_->context, level, message.data(), message.size());
  }

  /// Memory for n elements, aligned to 64 bytes, that lives until Compute returns.
  template <class T>
  std::span<T> Scratch(size_t n) const {
    void* memory = n == 0 ? nullptr : call_->host->scratch(call_->context, n * sizeof(T));
    if (n != 0 && !memory) throw Error(Cat("no memory for ", n * sizeof(T), " bytes"), LAMINA_RESOURCE_EXHAUSTED);
    return {static_cast<T*>(memory), n};
  }

  /// Calls body(begin, end) for parts of [0, count), each of at least grain, on the host's threads. What a part throws
  /// is thrown here when all have ended.
  template <class Body>
  void ParallelFor(size_t count, size_t grain, Body&& body) const {
    Part<Body> part{&body, {}, {}};
    call_->host->parallel_for(call_->context, count, grain, &Part<Body>::Run, &part);
    if (part.error) std::rethrow_exception(part.error);
  }

 private:
  template <class Body>
  struct Part {
    std::remove_reference_t<Body>* body;
    std::atomic<bool> failed;
    std::exception_ptr error;

    static void Run(void* argument, uint64_t begin, uint64_t end) {
      auto* part = static_cast<Part*>(argument);
      try {
        (*part->body)(size_t(begin), size_t(end));
      } catch (...) {
        if (!part->failed.exchange(true)) part->error = std::current_exception();
      }
    }
  };

  const lamina_call* call_;
};

}  // namespace lamina

#endif  // LAMINA_CONTEXT_H_
