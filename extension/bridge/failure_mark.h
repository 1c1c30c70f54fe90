// How the code of a layer's failure passes the engine, which hands on nothing of an exception but its text.
#ifndef LAMINA_EXTENSION_BRIDGE_FAILURE_MARK_H_
#define LAMINA_EXTENSION_BRIDGE_FAILURE_MARK_H_

#include <lamina/abi.h>

#include <cstdint>
#include <string_view>

namespace lamina::bridge {

/// What the text ends with for a code that says whose fault it is.
struct FailureMark {
  int32_t code;
  std::string_view text;
};

inline constexpr FailureMark kFailureMarks[] = {
    {LAMINA_INVALID_ARGUMENT, " [INVALID_ARGUMENT]"},
    {LAMINA_RESOURCE_EXHAUSTED, " [RESOURCE_EXHAUSTED]"},
    {LAMINA_UNIMPLEMENTED, " [UNIMPLEMENTED]"},
};

/// Nothing for any other code.
constexpr std::string_view FailureMarkOf(int32_t code) {
  for (const FailureMark& mark : kFailureMarks) {
    if (mark.code == code) return mark.text;
  }
  return {};
}

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_FAILURE_MARK_H_
