#include "server/transport/decompressor.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <utility>

namespace lamina::server {
namespace {

// Nobody says when memory is there again.
constexpr auto kRetryAfter = std::chrono::milliseconds(10);

/// Of an inflation's outcome that is not nothing.
absl::StatusOr<ReceivedBytes> Plain(absl::StatusOr<std::optional<ReceivedBytes>> outcome) {
  if (!outcome.ok()) return outcome.status();
  return **std::move(outcome);
}

}  // namespace

Decompressor::~Decompressor() {
  std::thread thread;
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    thread.swap(thread_);
  }
  changed_.NotifyAll();
  if (thread.joinable()) thread.join();
}

std::optional<absl::StatusOr<ReceivedBytes>> Decompressor::Run(std::unique_ptr<Inflation> inflation,
                                                               std::stop_token cancelled, Done later) {
  auto outcome = inflation->Continue();
  if (!outcome.ok() || *outcome) return Plain(std::move(outcome));
  MutexLock lock(mutex_);
  jobs_.push_back({std::move(inflation), std::move(cancelled), std::move(later)});
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  changed_.NotifyOne();
  return std::nullopt;
}

void Decompressor::Work() {
  size_t waiting = 0;
  for (;;) {
    std::list<Job> taken = Take(waiting);
    if (taken.empty()) return;
    Job& job = taken.front();
    if (job.cancelled.stop_requested()) continue;
    auto outcome = job.inflation->Continue();
    waiting = job.inflation->waits() ? waiting + 1 : 0;
    if (outcome.ok() && !*outcome) {
      PutBack(std::move(taken));
      continue;
    }
    try {
      job.done(Plain(std::move(outcome)));
    } catch (const std::exception& error) {
      spdlog::error("a compressed request is given up: {}", error.what());
    }
  }
}

std::list<Decompressor::Job> Decompressor::Take(size_t waiting) {
  MutexLock lock(mutex_);
  if (waiting > 0 && waiting >= jobs_.size() && !stopped_) {
    changed_.WaitUntil(mutex_, std::chrono::steady_clock::now() + kRetryAfter);
  }
  while (jobs_.empty() && !stopped_) changed_.Wait(mutex_);
  std::list<Job> taken;
  if (!stopped_) taken.splice(taken.begin(), jobs_, jobs_.begin());
  return taken;
}

void Decompressor::PutBack(std::list<Job> job) {
  MutexLock lock(mutex_);
  jobs_.splice(jobs_.end(), job);
}

}  // namespace lamina::server
