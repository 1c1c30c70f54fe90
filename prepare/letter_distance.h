#ifndef LAMINA_PREPARE_LETTER_DISTANCE_H_
#define LAMINA_PREPARE_LETTER_DISTANCE_H_

#include <cstddef>
#include <string_view>

namespace lamina::prepare {

/// How many letters must be changed, added, dropped or swapped with their neighbour; cases do not count.
size_t LetterDistance(std::string_view a, std::string_view b);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_LETTER_DISTANCE_H_
