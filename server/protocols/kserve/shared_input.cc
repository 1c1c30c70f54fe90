#include "server/protocols/kserve/shared_input.h"

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/kserve/datatype.h"

namespace lamina::server {

absl::StatusOr<Bytes> CopySharedInput(const InputTensor& tensor, size_t count, const SharedPlace& place,
                                      const SharedMemory& shared_memory, DerivedMemory& memory) {
  const std::string label = absl::StrCat("input '", std::string(tensor.name), "'");
  LAMINA_ASSIGN_OR_RETURN(const SharedBytes shared, FindShared(shared_memory, place, label));
  const std::span<const std::byte> bytes = shared.bytes;
  // A size that is wrong is told before anything is copied.
  if (tensor.type != ElementType::kString && bytes.size() != count * ElementSize(tensor.type)) {
    return absl::InvalidArgumentError(absl::StrCat(label, ": ", TypeAndShape(tensor.type, tensor.shape), " need ",
                                                   count * ElementSize(tensor.type), " bytes in shared memory, got ",
                                                   bytes.size()));
  }
  LAMINA_RETURN_IF_ERROR(memory.Take(bytes.size()));
  Bytes copy(bytes.size());
  if (copy.size() > 0) std::memcpy(copy.data(), bytes.data(), copy.size());
  if (const absl::Status status = shared.Check(); !status.ok()) return WrongShared(label, status);
  return copy;
}

}  // namespace lamina::server
