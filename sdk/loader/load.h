// Loading a library's code, whose start-up code may do anything, here or first where it can do no harm; and so with
// what else it does.
#ifndef LAMINA_SDK_LOADER_LOAD_H_
#define LAMINA_SDK_LOADER_LOAD_H_

#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace lamina::loader {

/// The handle of dlopen, of a library that stays local. Throws LoadError if it cannot be loaded. If its start-up code
/// throws, the process ends, with a sentence that names the library: the dynamic loader's lock is held for good then,
/// and the next thread that needs it would wait for ever. Within TryInChild, which ends its process, it is a LoadError.
void* Load(const std::string& path);

struct Trial {
  int kept = STDERR_FILENO;  // stays open
  std::chrono::seconds patience{30};
  int stop = -1;  // ends the trial once it can be read, which is left to others; -1: none
  /// What is tried, in messages.
  std::string_view meanwhile = "while it was loaded", fault = "an error in its start-up code; correct it",
                   late = "had not loaded";
};

/// Runs `load` in a child process, so that a library that throws, crashes or hangs harms nobody. `load` returns or
/// throws what is wrong. The result says it, or how the child ended and what to do, beginning with `who`; "" if nothing
/// is wrong. The child has this process's standard streams and `trial.kept`, and no other file. REQUIRES: the calling
/// thread is the only one: the child is forked, and would wait for ever for another thread's locks.
std::string TryInChild(const std::string& who, const std::function<std::string()>& load, const Trial& trial = {});

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_LOAD_H_
