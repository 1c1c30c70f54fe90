#include "server/transport/http_date.h"

#include <time.h>

#include <cstdio>

namespace lamina::server {

std::string_view HttpDate() {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  thread_local time_t second = 0;
  thread_local char text[40];
  thread_local int size = 0;
  // strftime would follow the locale.
  if (const time_t now = time(nullptr); now != second) {
    second = now;
    tm t{};
    gmtime_r(&now, &t);
    size = std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[t.tm_wday], t.tm_mday,
                         kMonths[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  }
  return {text, static_cast<size_t>(size)};
}

}  // namespace lamina::server
