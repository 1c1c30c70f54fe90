#include "server/last_words.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <span>

namespace lamina::server {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int kMostFrames = 64;
constexpr unsigned kMostSeconds = 2;
constexpr int kPatienceMs = 100;  // for whoever reads the console

/// Read by the handler only; never changed again, and never destroyed.
struct Known {
  std::vector<std::shared_ptr<const ExtensionLibrary>> libraries;
  std::string log_path;
};
const Known* known = nullptr;

const char* FileOf(void* address) {
  Dl_info found{};
  return dladdr(address, &found) != 0 ? found.dli_fname : nullptr;
}

/// Null: none of those that are known.
const ExtensionLibrary* LibraryOf(void* address) {
  const char* file = FileOf(address);
  if (file == nullptr) return nullptr;
  const auto is_it = [&](const auto& library) { return library->loadable_path == file; };
  const auto it = std::find_if(known->libraries.begin(), known->libraries.end(), is_it);
  return it == known->libraries.end() ? nullptr : it->get();
}

/// The innermost of our libraries of layers that was at work; below the handler's frames come those of the fault.
const char* Culprit(std::span<void*> frames) {
  for (void* frame : frames) {
    if (const ExtensionLibrary* library = LibraryOf(frame)) return library->path.c_str();
  }
  constexpr size_t kHandlers = 3;  // this file's, and what the kernel returns to
  const char* file = frames.size() > kHandlers ? FileOf(frames[kHandlers]) : nullptr;
  return file == nullptr ? "code of no library" : file;
}

void Write(int descriptor, const char* text, size_t size) {
  pollfd ready{.fd = descriptor, .events = POLLOUT, .revents = 0};
  if (poll(&ready, 1, kPatienceMs) == 1) (void)!write(descriptor, text, size);
}

// What it calls may hang or fault if the fault came amid the same: the alarm ends the process then, or the signal, whose
// default is restored.
void Say(int signal, siginfo_t* /*info*/, void* /*context*/) {
  alarm(kMostSeconds);
  void* frames[kMostFrames];
  const int count = backtrace(frames, kMostFrames);
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  tm local{};
  localtime_r(&now.tv_sec, &local);
  char time[32], line[1024];
  strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &local);
  const int size = snprintf(line, sizeof line,
                            "%s.%03ld C SIG%s in %s: the process ends; `lamina prove` runs a library's layers by "
                            "themselves\n",
                            time, now.tv_nsec / 1'000'000, sigabbrev_np(signal),
                            Culprit(std::span(frames, static_cast<size_t>(std::max(count, 0)))));
  const size_t written = std::min(static_cast<size_t>(std::max(size, 0)), sizeof line - 1);
  Write(STDERR_FILENO, line, written);
  if (known->log_path.empty()) return;
  const int log = open(known->log_path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (log >= 0) Write(log, line, written);
}

}  // namespace

void LeaveLastWords(const std::vector<std::shared_ptr<const ExtensionLibrary>>& libraries,
                    const std::string& log_path) {
  known = new Known{libraries, log_path};
  void* frame = nullptr;
  backtrace(&frame, 1);  // loads what it needs
  for (const int signal : kSignals) {
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    struct sigaction say {};
    say.sa_sigaction = Say;
    say.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER;  // it comes again when Say returns
    sigaction(signal, &say, nullptr);
  }
}

}  // namespace lamina::server
