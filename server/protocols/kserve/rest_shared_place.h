#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_SHARED_PLACE_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_SHARED_PLACE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/json/json_reader.h"
#include "server/protocols/kserve/shared_place.h"

namespace lamina::server {

/// The parameters of a tensor over REST that say where in shared memory it lies, each read as it comes. Nearly every
/// tensor has none of them.
class RestSharedPlace {
 public:
  static bool IsParameter(std::string_view key);

  /// Reads the value of such a parameter. False at an error, as below. REQUIRES: IsParameter(key).
  bool ReadParameter(JsonReader& json, std::string_view key);

  /// To be called behind the last parameter.
  bool Complete(JsonReader& json) const;

  /// Nothing when no region was named. REQUIRES: Complete() was true.
  std::optional<SharedPlace> place() const;

 private:
  std::optional<std::string_view> region_;
  std::optional<uint64_t> byte_size_;
  uint64_t offset_ = 0;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_SHARED_PLACE_H_
