#include "server/engine/least_times.h"

#include <time.h>
#include <unistd.h>

#include "server/threads/scheduled_time.h"

namespace lamina::server {
namespace {

using std::chrono::nanoseconds;

nanoseconds Cpu() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

nanoseconds Waited() {
  const auto time = ScheduledTimeOf(gettid());
  return time ? time->waited : nanoseconds::zero();
}

}  // namespace

LeastTimes::One::One() : waited_(Waited()) {
  began_ = std::chrono::steady_clock::now();
  cpu_ = Cpu();
}

void LeastTimes::Add(const One& one) {
  const nanoseconds cpu = Cpu() - one.cpu_, clock = std::chrono::steady_clock::now() - one.began_;
  cpu_ = std::min(cpu_, cpu);
  // What it waits for between two looks at the clocks would be taken off although it is not in.
  own_ = std::min(own_, std::max(cpu, clock - (Waited() - one.waited_)));
}

}  // namespace lamina::server
