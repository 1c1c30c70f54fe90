#include "server/metrics/process_reading.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace lamina::server {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double OpenFiles() {
  std::error_code failed;
  std::filesystem::directory_iterator it("/proc/self/fd", failed);
  double count = -1;  // the one that reads the folder
  for (; !failed && it != std::filesystem::directory_iterator(); it.increment(failed)) ++count;
  return count < 0 ? 0 : count;
}

/// When the machine started, and how long after that this process did.
double StartSeconds() {
  std::ifstream stat("/proc/stat");
  std::string word;
  double boot = 0;
  while (stat >> word) {
    if (word == "btime" && stat >> boot) break;
  }
  std::ifstream self("/proc/self/stat");
  const std::string text((std::istreambuf_iterator<char>(self)), {});
  const size_t name_end = text.rfind(')');  // the program's name may hold anything
  if (boot == 0 || name_end == std::string::npos) return 0;
  std::istringstream rest(text.substr(name_end + 1));
  double ticks = 0;
  for (int field = 3; field < 22; ++field) rest >> word;
  rest >> ticks;
  return boot + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessReading ReadProcess() { return {CpuSeconds(), ResidentBytes(), OpenFiles(), StartSeconds()}; }

}  // namespace lamina::server
