#include "server/threads/file_watch.h"

#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "server/api/file_kind.h"

namespace lamina::server {
namespace {

/// A file that cannot be read is another than an empty one. What may have no end is not opened.
size_t HashOf(const std::vector<std::string>& files) {
  std::ostringstream text;
  for (const std::string& path : files) {
    std::ifstream file;
    if (CheckHasEnd(path).ok()) file.open(path);
    text << (file.is_open() ? "+" : "-");
    if (file.is_open() && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
    text << '\0';
  }
  return std::hash<std::string_view>()(text.view());
}

}  // namespace

void FileWatch::Start() {
  if (interval_ > interval_.zero()) thread_ = std::jthread([this] { Run(); });
}

FileWatch::~FileWatch() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void FileWatch::Add(std::vector<std::string> files, std::function<void()> changed) {
  const size_t hash = HashOf(files);
  MutexLock lock(mutex_);
  watched_.push_back({.files = std::move(files), .changed = std::move(changed), .told = hash, .seen = hash});
}

void FileWatch::Look() {
  MutexLock lock(mutex_);
  for (Watched& watched : watched_) {
    const size_t hash = HashOf(watched.files);
    const bool settled = std::exchange(watched.seen, hash) == hash;
    if (settled && std::exchange(watched.told, hash) != hash) watched.changed();
  }
}

void FileWatch::Run() {
  for (;;) {
    {
      MutexLock lock(mutex_);
      const auto next = std::chrono::steady_clock::now() + interval_;
      while (!stopping_ && std::chrono::steady_clock::now() < next) stop_.WaitUntil(mutex_, next);
      if (stopping_) return;
    }
    Look();
  }
}

}  // namespace lamina::server
