// Loading a library's code, whose start-up code may do anything, here or first where it can do no harm.
#ifndef LAMINA_SDK_LOADER_LOAD_H_
#define LAMINA_SDK_LOADER_LOAD_H_

#include <functional>
#include <string>

#include "sdk/loader/child.h"

namespace lamina::loader {

/// The handle of dlopen, of a library that stays local. Throws LoadError if it cannot be loaded. If its start-up code
/// throws, the process ends, with a sentence that names the library: the dynamic loader's lock is held for good then,
/// and the next thread that needs it would wait for ever. Within a child of RunInChild, which ends, it is a LoadError.
void* Load(const std::string& path);

/// Runs `load` in a child process, so that a library that throws, crashes or hangs harms nobody. `load` returns or
/// throws what is wrong. The result says it, or how the child ended and what to do, beginning with `who`; "" if nothing
/// is wrong. REQUIRES: as RunInChild.
std::string TryInChild(const std::string& who, const std::function<std::string()>& load, const Trial& trial = {});

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_LOAD_H_
