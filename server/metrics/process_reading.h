#ifndef LAMINA_SERVER_METRICS_PROCESS_READING_H_
#define LAMINA_SERVER_METRICS_PROCESS_READING_H_

namespace lamina::server {

/// What the kernel says of this process now. What cannot be read is 0.
struct ProcessReading {
  double cpu_seconds = 0;
  double resident_bytes = 0;
  double open_files = 0;
  double start_seconds = 0;  // since 1970
};

ProcessReading ReadProcess();

}  // namespace lamina::server

#endif  // LAMINA_SERVER_METRICS_PROCESS_READING_H_
