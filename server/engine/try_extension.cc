#include "server/engine/try_extension.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "openvino/runtime/core.hpp"
#include "server/engine/add_extensions.h"
#include "server/engine/ov_error.h"

namespace lamina::server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(30);
constexpr size_t kLongestReport = 4096;
// How the child ends, unless what it loads ends it.
constexpr int kLoads = 76, kRefused = 77;

/// And those of the console: the server's sockets end with the server, whatever becomes of this process.
void CloseAllBut(int kept) {
  if (kept > STDERR_FILENO + 1) close_range(STDERR_FILENO + 1, kept - 1, 0);
  close_range(kept + 1, ~0u, 0);
}

/// What the child does: everything that it, or what it loads, says goes to `report`.
[[noreturn]] void RunChild(const ExtensionLibrary& library, const std::string& bridge, int report) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // How it ends tells what was wrong: no handler of the server's, or of a sanitizer's, takes part.
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) signal(number, SIG_DFL);
  dup2(report, STDERR_FILENO);
  CloseAllBut(library.copy ? library.copy->descriptor() : STDERR_FILENO);
  absl::Status added;
  absl::Status thrown =
      CatchOv(absl::StrCat("the extension library ", library.path), absl::StatusCode::kFailedPrecondition, [&] {
        ov::Core core;
        ExtensionSet set{.bridge = bridge};
        set.libraries.push_back(std::shared_ptr<const ExtensionLibrary>(std::shared_ptr<void>(), &library));
        added = AddExtensions(core, set);
      });
  const absl::Status& result = thrown.ok() ? added : thrown;
  const std::string text(result.message());
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) _exit(kRefused);
  _exit(result.ok() ? kLoads : kRefused);
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

bool CanBeRead(int descriptor, int within_ms) {
  pollfd ready{descriptor, POLLIN, 0};
  return poll(&ready, 1, within_ms) > 0;
}

/// Reaps the child, which is killed if it has not ended by then, or before `stop` can be read.
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

std::string OnOneLine(const std::string& text) {
  return absl::StrReplaceAll(std::string(absl::StripAsciiWhitespace(text)), {{"\n", " "}});
}

absl::Status Verdict(const ExtensionLibrary& library, int status, const std::string& said) {
  const std::string who = absl::StrCat("the extension library ", library.path);
  if (status == -1)
    return absl::FailedPreconditionError(absl::StrCat(who, " had not loaded after 30 s; see what it waits for"));
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1, signal = WIFEXITED(status) ? 0 : WTERMSIG(status);
  if (code == kLoads) return absl::OkStatus();
  if (code == kRefused) return absl::FailedPreconditionError(OnOneLine(said));
  const std::string how = code >= 0 ? absl::StrCat("exit code ", code) : std::string(strsignal(signal));
  std::string what = absl::StrCat(who, " ended its process with ", how, " while it was loaded");
  if (signal == SIGILL) {
    absl::StrAppend(&what, ": it needs instructions that this CPU lacks; build it for this CPU");
  } else {
    absl::StrAppend(&what, ": an error in its start-up code; correct it");
  }
  if (!said.empty()) absl::StrAppend(&what, " (it said: ", OnOneLine(said), ")");
  return absl::FailedPreconditionError(what);
}

}  // namespace

absl::Status TryExtension(const ExtensionLibrary& library, const std::string& bridge, int stop) {
  int report[2];
  if (pipe(report) != 0)
    return absl::InternalError(absl::StrCat("no pipe to try ", library.path, ": ", strerror(errno)));
  const pid_t child = fork();
  if (child == 0) RunChild(library, bridge, report[1]);
  close(report[1]);
  if (child < 0) {
    close(report[0]);
    return absl::InternalError(absl::StrCat("no process to try ", library.path, ": ", strerror(errno)));
  }
  const Clock::time_point until = Clock::now() + kPatience;
  const std::string said = Listen(report[0], until, stop);
  close(report[0]);
  const int status = WaitFor(child, until, stop);
  if (stop >= 0 && CanBeRead(stop, /*within_ms=*/0))
    return absl::CancelledError(absl::StrCat("the extension library ", library.path, " was not tried to its end"));
  return Verdict(library, status, said);
}

}  // namespace lamina::server
