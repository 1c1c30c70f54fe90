#ifndef LAMINA_SERVER_TRANSPORT_TESTING_INCOMING_H_
#define LAMINA_SERVER_TRANSPORT_TESTING_INCOMING_H_

#include <string>
#include <string_view>

namespace lamina::server {

/// What a test's client gets from the server.
class Incoming {
 public:
  virtual ~Incoming() = default;

  /// What comes next, or "" when no more comes.
  virtual std::string Receive() = 0;

  /// All that comes until `text` is in it, or until the end.
  std::string ReceiveUntil(std::string_view text) {
    std::string all;
    while (all.find(text) == std::string::npos) {
      const std::string more = Receive();
      if (more.empty()) break;
      all += more;
    }
    return all;
  }

  /// All that comes until the end.
  std::string ReceiveAll() {
    std::string all;
    for (std::string more = Receive(); !more.empty(); more = Receive()) all += more;
    return all;
  }
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_TESTING_INCOMING_H_
