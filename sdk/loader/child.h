// Running what may crash or hang in a child process, where it harms nobody.
#ifndef LAMINA_SDK_LOADER_CHILD_H_
#define LAMINA_SDK_LOADER_CHILD_H_

#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>

namespace lamina::loader {

struct Trial {
  int kept = STDERR_FILENO;  // stays open
  std::chrono::seconds patience{30};
  int stop = -1;         // ends the trial once it can be read, which is left to others; -1: none
  bool captured = true;  // what the child prints is in what it said, instead of on this process's standard streams
};

/// How a child ended.
struct ChildEnd {
  enum class How {
    kDone,        // what it ran returned ""
    kRefused,     // it returned what is wrong, or threw it
    kExited,      // it ended the process, with an exit code
    kKilled,      // or by a signal
    kTimedOut,    // it was ended, as patience was
    kStopped,     // or `stop` could be read
    kNotStarted,  // there was no process for it
  };
  How how;
  int number = 0;    // the exit code, the signal, or the errno of kNotStarted
  std::string said;  // what it printed, if that is captured, then what is wrong; the first 64 KiB
};

/// Runs `work` in a child process, which has this process's standard streams and `trial.kept`, and no other file, and
/// does not outlive this process. REQUIRES: the calling thread is the only one: the child is forked, and would wait for
/// ever for another thread's locks.
ChildEnd RunInChild(const std::function<std::string()>& work, const Trial& trial = {});

/// This process is a child of RunInChild.
bool IsChild();

/// Of kExited and kKilled: "ended its process with Aborted <when>: an error in <code>; correct it".
std::string EndedItsProcess(const ChildEnd& end, const std::string& when, const std::string& code);

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_CHILD_H_
