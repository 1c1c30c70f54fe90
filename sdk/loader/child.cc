#include "sdk/loader/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <optional>

namespace lamina::loader {
namespace {

using Clock = std::chrono::steady_clock;
using How = ChildEnd::How;
constexpr size_t kLongestReport = 64 << 10;
// How the child ends, unless what it runs ends it.
constexpr int kDone = 76, kRefused = 77;

bool is_child = false;

/// A server's sockets end with the server, whatever becomes of this process.
void CloseAllBut(std::array<int, 3> kept) {
  std::sort(kept.begin(), kept.end());
  for (size_t i = 1; i < kept.size(); ++i) {
    if (kept[i] > kept[i - 1] + 1) close_range(kept[i - 1] + 1, kept[i] - 1, 0);
  }
  close_range(kept.back() + 1, ~0u, 0);
}

/// What the child does; what is wrong goes to `report`.
[[noreturn]] void RunChild(const std::function<std::string()>& work, int report, const Trial& trial) {
  is_child = true;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // How it ends tells what was wrong: no handler of the parent's, or of a sanitizer's, takes part.
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) signal(number, SIG_DFL);
  if (trial.captured) {
    dup2(report, STDOUT_FILENO);
    dup2(report, STDERR_FILENO);
  }
  CloseAllBut({STDERR_FILENO, trial.kept, report});
  std::string wrong;
  try {
    wrong = work();
  } catch (const std::exception& error) {
    wrong = error.what();
  }
  std::fflush(stdout);
  if (write(report, wrong.data(), wrong.size()) < 0) _exit(kRefused);
  _exit(wrong.empty() ? kDone : kRefused);
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

/// Reaps the child, which is killed if it has not ended by then, or before `stop` can be read: nothing.
std::optional<int> WaitFor(pid_t child, Clock::time_point until, int stop) {
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= until || CanBeRead(stop, /*within_ms=*/1)) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return std::nullopt;
    }
  }
  return status;
}

ChildEnd EndOf(int status, std::string said) {
  if (!WIFEXITED(status)) return {How::kKilled, WTERMSIG(status), std::move(said)};
  const int code = WEXITSTATUS(status);
  return {code == kDone ? How::kDone : code == kRefused ? How::kRefused : How::kExited, code, std::move(said)};
}

}  // namespace

ChildEnd RunInChild(const std::function<std::string()>& work, const Trial& trial) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return {How::kNotStarted, errno, ""};
  std::fflush(stdout);  // or the child would print it again
  const pid_t child = fork();
  if (child == 0) RunChild(work, report[1], trial);
  const int error = errno;
  close(report[1]);
  if (child < 0) {
    close(report[0]);
    return {How::kNotStarted, error, ""};
  }
  const Clock::time_point until = Clock::now() + trial.patience;
  std::string said = Listen(report[0], until, trial.stop);
  close(report[0]);
  const std::optional<int> status = WaitFor(child, until, trial.stop);
  if (status) return EndOf(*status, std::move(said));
  return {Clock::now() < until ? How::kStopped : How::kTimedOut, 0, std::move(said)};
}

bool IsChild() { return is_child; }

std::string EndedItsProcess(const ChildEnd& end, const std::string& when, const std::string& code) {
  const int signal = end.how == How::kKilled ? end.number : 0;
  return "ended its process with " + (signal ? strsignal(signal) : "exit code " + std::to_string(end.number)) + " " +
         when + ": " +
         (signal == SIGILL ? "it needs instructions that this CPU lacks; build it for this CPU"
                           : "an error in " + code + "; correct it");
}

}  // namespace lamina::loader
