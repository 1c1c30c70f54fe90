#include "sdk/loader/load.h"

#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "sdk/loader/error.h"

namespace lamina::loader {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kLongestReport = 4096;
// How the child ends, unless what it loads ends it.
constexpr int kLoads = 76, kRefused = 77;

bool is_trial = false;  // this process is a child of TryInChild

[[noreturn]] void Threw(const std::string& path, const std::string& what) {
  const std::string sentence =
      "'" + path + "' threw while it was loaded: " + what + "; an error in its start-up code, correct it";
  if (is_trial) throw LoadError(sentence);
  std::fprintf(stderr, "lamina error: %s (the process ends, as it could load nothing more)\n", sentence.c_str());
  std::abort();
}

/// And those of the console: a server's sockets end with the server, whatever becomes of this process.
void CloseAllBut(int kept) {
  if (kept > STDERR_FILENO + 1) close_range(STDERR_FILENO + 1, kept - 1, 0);
  close_range(std::max(kept, STDERR_FILENO) + 1, ~0u, 0);
}

/// What the child does: everything that it, or what it loads, says goes to `report`.
[[noreturn]] void RunChild(const std::function<std::string()>& load, int report, int kept) {
  is_trial = true;
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // How it ends tells what was wrong: no handler of the parent's, or of a sanitizer's, takes part.
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) signal(number, SIG_DFL);
  dup2(report, STDOUT_FILENO);
  dup2(report, STDERR_FILENO);
  CloseAllBut(kept);
  std::string wrong;
  try {
    wrong = load();
  } catch (const std::exception& error) {
    wrong = error.what();
  }
  if (write(STDERR_FILENO, wrong.data(), wrong.size()) < 0) _exit(kRefused);
  _exit(wrong.empty() ? kLoads : kRefused);
}

/// Within so many milliseconds; false for -1.
bool CanBeRead(int descriptor, int within_ms) {
  pollfd ready{descriptor, POLLIN, 0};
  return poll(&ready, 1, within_ms) > 0;
}

/// What the child says, until it ends, time is up or `stop` can be read.
std::string Listen(int report, Clock::time_point until, int stop) {
  std::string text;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd ready[] = {{report, POLLIN, 0}, {stop, POLLIN, 0}};
    if (left <= 0 || poll(ready, 2, static_cast<int>(left)) == 0 || ready[1].revents != 0) return text;
    char buffer[1024];
    const ssize_t size = read(report, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    if (text.size() < kLongestReport) text.append(buffer, size);
  }
}

/// Reaps the child, which is killed if it has not ended by then, or before `stop` can be read: -1.
int WaitFor(pid_t child, Clock::time_point until, int stop) {
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= until || CanBeRead(stop, /*within_ms=*/1)) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return -1;
    }
  }
  return status;
}

std::string OnOneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::string Verdict(const std::string& who, const Trial& trial, int status, const std::string& said) {
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1, signal = WIFEXITED(status) ? 0 : WTERMSIG(status);
  if (code == kLoads) return "";
  if (code == kRefused) return OnOneLine(said);
  const std::string how = code >= 0 ? "exit code " + std::to_string(code) : strsignal(signal);
  std::string what = who + " ended its process with " + how + " " + std::string(trial.meanwhile) + ": ";
  what += signal == SIGILL ? "it needs instructions that this CPU lacks; build it for this CPU" : trial.fault;
  if (!said.empty()) what += " (it said: " + OnOneLine(said) + ")";
  return what;
}

}  // namespace

void* Load(const std::string& path) {
  // dlopen would search its own folders for a bare name.
  const std::string named = path.find('/') == std::string::npos ? "./" + path : path;
  // It is declared to throw nothing, and the compiler would leave the handlers out.
  void* (*volatile const may_throw)(const char*, int) = dlopen;
  void* handle = nullptr;
  try {
    handle = may_throw(named.c_str(), RTLD_NOW | RTLD_LOCAL);
  } catch (const std::exception& error) {
    Threw(path, error.what());
  } catch (...) {
    Threw(path, "something that is not a std::exception");
  }
  if (handle) return handle;
  std::string why = dlerror();
  if (why.starts_with(named + ": ")) why.erase(0, named.size() + 2);
  throw LoadError("'" + path + "' cannot be loaded: " + why + "; is everything it depends on installed?");
}

std::string TryInChild(const std::string& who, const std::function<std::string()>& load, const Trial& trial) {
  int report[2];
  if (pipe(report) != 0) return who + " cannot be tried, there is no pipe: " + strerror(errno);
  const pid_t child = fork();
  if (child == 0) RunChild(load, report[1], trial.kept);
  close(report[1]);
  if (child < 0) {
    close(report[0]);
    return who + " cannot be tried, there is no process: " + strerror(errno);
  }
  const Clock::time_point until = Clock::now() + trial.patience;
  const std::string said = Listen(report[0], until, trial.stop);
  close(report[0]);
  const int status = WaitFor(child, until, trial.stop);
  if (status != -1) return Verdict(who, trial, status, said);
  if (Clock::now() < until) return who + " was not tried to its end";
  return who + " " + std::string(trial.late) + " after " + std::to_string(trial.patience.count()) +
         " s; see what it waits for";
}

}  // namespace lamina::loader
