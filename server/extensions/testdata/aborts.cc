// A native extension that ends its process before its entry is called.
#include <cstdlib>

namespace {
const bool started = (std::abort(), true);
}

extern "C" __attribute__((visibility("default"))) void create_extensions(void*) { (void)started; }
