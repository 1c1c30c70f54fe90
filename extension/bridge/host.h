// The bridge's side of the ABI: the table of functions that layers are given, and what their contexts point to.
#ifndef LAMINA_EXTENSION_BRIDGE_HOST_H_
#define LAMINA_EXTENSION_BRIDGE_HOST_H_

#include <string>

#include "extension/bridge/scratch.h"
#include "lamina/abi.h"
#include "openvino/core/node.hpp"

namespace lamina::bridge {

/// The one table; constant.
const lamina_host& Host();

/// What a context of the ABI points to while a layer's callback runs. The pointer handed out is always of this type.
struct Context {
  explicit Context(const std::string& subject) : subject(subject) {}
  virtual ~Context() = default;

  /// What set_output, set_shape and set_string do; by default the callback is not one that may call them.
  virtual void SetOutput(uint64_t output, int32_t type, int32_t rank, const int64_t* dims);
  virtual int32_t SetShape(uint64_t output, int32_t rank, const int64_t* dims);
  virtual void SetString(uint64_t output, uint64_t index, std::string_view text);

  /// The first failure counts.
  void Fail(int32_t code, std::string_view message);
  /// Throws what was reported, or something better than nothing, if a callback returned an error or a failure was
  /// noted.
  void Check(int32_t result, const char* callback) const;

  const std::string& subject;  // of messages: "layer 'X', node 'n'"
  Scratch scratch;
  int32_t code = LAMINA_OK;
  std::string message;
  std::mutex mutex;  // guards code and message
};

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_HOST_H_
