#include "server/config/near_name.h"

#include <algorithm>
#include <cstddef>

#include "prepare/letter_distance.h"

namespace lamina::server {

std::string_view NearName(std::string_view name, std::span<const std::string_view> known) {
  std::string_view best;
  size_t best_distance = std::max<size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const size_t distance = prepare::LetterDistance(name, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string NearNameHint(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view near = NearName(name, known);
  if (!near.empty()) return "did you mean '" + std::string(near) + "'?";
  std::string hint = "known are: ";
  for (size_t i = 0; i < known.size(); ++i) {
    if (i > 0) hint += ", ";
    hint += known[i];
  }
  return hint;
}

}  // namespace lamina::server
