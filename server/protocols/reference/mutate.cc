#include "server/protocols/reference/mutate.h"

#include <algorithm>

namespace lamina::server {
namespace {

/// A number below `limit`; 0 when that is 0.
size_t Below(size_t limit, std::mt19937& random) { return limit == 0 ? 0 : random() % limit; }

std::string PartOf(const std::string& text, std::mt19937& random) {
  const size_t begin = Below(text.size(), random);
  return text.substr(begin, 1 + Below(12, random));
}

}  // namespace

std::string Mutate(std::string message, const std::string& other, std::mt19937& random) {
  for (size_t changes = 1 + Below(3, random); changes > 0; --changes) {
    const size_t at = Below(message.size(), random);
    const auto byte = static_cast<char>(random());
    switch (Below(8, random)) {
      case 0:
        if (!message.empty()) message[at] = byte;
        break;
      case 1:
        if (!message.empty()) message[at] = static_cast<char>(message[at] ^ (1 << Below(8, random)));
        break;
      case 2:
        if (!message.empty()) message[at] = static_cast<char>(message[at] + (byte & 1 ? 1 : -1));
        break;
      case 3:
        message.insert(at, 1, byte);
        break;
      case 4:
        message.erase(at, 1 + Below(4, random));
        break;
      case 5:
        message.insert(at, PartOf(message, random));
        break;
      case 6:
        message.insert(at, PartOf(other, random));
        break;
      default:
        message.resize(std::max(message.size() / 2, at));
    }
  }
  return message;
}

}  // namespace lamina::server
