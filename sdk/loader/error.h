// LoadError: why a library cannot be used, as a sentence that says what is wrong and what to do.
#ifndef LAMINA_SDK_LOADER_ERROR_H_
#define LAMINA_SDK_LOADER_ERROR_H_

#include <stdexcept>
#include <string>

namespace lamina::loader {

class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_ERROR_H_
