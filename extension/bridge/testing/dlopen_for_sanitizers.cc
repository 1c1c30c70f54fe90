// The engine's TBB opens a library with RTLD_DEEPBIND, which the sanitizers' run-time refuses by ending the process. In
// a program with this file the flag is left out: its only effect is on symbols that two libraries define.
#include <dlfcn.h>

extern "C" void* dlopen(const char* path, int flags) {
  static const auto next = reinterpret_cast<void* (*)(const char*, int)>(dlsym(RTLD_NEXT, "dlopen"));
  return next(path, flags & ~RTLD_DEEPBIND);
}
