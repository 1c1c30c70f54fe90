#include "sdk/loader/load.h"

#include <dlfcn.h>
#include <string.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "sdk/loader/error.h"

namespace lamina::loader {
namespace {

constexpr size_t kLongestQuote = 4096;

[[noreturn]] void Threw(const std::string& path, const std::string& what) {
  const std::string sentence =
      "'" + path + "' threw while it was loaded: " + what + "; an error in its start-up code, correct it";
  if (IsChild()) throw LoadError(sentence);
  std::fprintf(stderr, "lamina error: %s (the process ends, as it could load nothing more)\n", sentence.c_str());
  std::abort();
}

std::string OnOneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
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
  using How = ChildEnd::How;
  const ChildEnd end = RunInChild(load, trial);
  const std::string said = OnOneLine(end.said.substr(0, kLongestQuote));
  switch (end.how) {
    case How::kDone:
      return "";
    case How::kRefused:
      return said;
    case How::kExited:
    case How::kKilled:
      return who + " " + EndedItsProcess(end, "while it was loaded", "its start-up code") +
             (said.empty() ? "" : " (it said: " + said + ")");
    case How::kTimedOut:
      return who + " had not loaded after " + std::to_string(trial.patience.count()) + " s; see what it waits for";
    case How::kStopped:
      return who + " was not tried to its end";
    case How::kNotStarted:
      return who + " cannot be tried, there is no process for it: " + strerror(end.number);
  }
  return "";
}

}  // namespace lamina::loader
