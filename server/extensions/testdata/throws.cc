// A native extension whose entry throws.
#include <stdexcept>

extern "C" __attribute__((visibility("default"))) void create_extensions(void*) {
  throw std::runtime_error("no licence for this machine");
}
