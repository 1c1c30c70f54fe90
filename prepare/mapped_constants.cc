#include "prepare/mapped_constants.h"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>

#include "openvino/frontend/onnx/extension/conversion.hpp"
#include "openvino/op/constant.hpp"
#include "openvino/runtime/allocator.hpp"
#include "openvino/runtime/tensor.hpp"
#include "prepare/external_data.h"

namespace lamina::prepare {
namespace {

/// Gives out memory of a mapping, which lives as long as the allocator: as long as the tensor.
struct MappingAllocator {
  std::shared_ptr<const MappedFile> file;
  const char* data;

  void* allocate(size_t, size_t) const { return const_cast<char*>(data); }
  void deallocate(void*, size_t, size_t) const noexcept {}
  bool is_equal(const MappingAllocator& other) const { return data == other.data; }
};

using Files = std::map<uintptr_t, std::shared_ptr<const MappedFile>>;  // by where each ends in memory

/// Those of the model that this thread is reading: the engine converts a model on the thread that asks for it.
thread_local Files reading;

uintptr_t End(const MappedFile& file) { return reinterpret_cast<uintptr_t>(file.bytes().data()) + file.bytes().size(); }

struct Reading {
  explicit Reading(const Mappings& mappings) {
    for (const auto& file : mappings) reading.emplace(End(*file), file);
  }
  ~Reading() { reading.clear(); }
};

/// The file whose mapping has all the memory from an address on that such a constant takes; null if none has.
std::shared_ptr<const MappedFile> FileWith(uintptr_t address, const ov::element::Type& type,
                                           const std::vector<int64_t>& dims) {
  const auto after = reading.upper_bound(address);
  if (after == reading.end() || address < after->first - after->second->bytes().size()) return nullptr;
  uint64_t bytes = type.size();
  for (const int64_t dim : dims) {
    if (dim <= 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes)) return nullptr;
  }
  return bytes <= after->first - address ? after->second : nullptr;
}

// A model may bring such a node of its own: it gets at nothing but what it has mapped.
ov::OutputVector Weights(const ov::frontend::NodeContext& node) {
  const auto address = static_cast<uintptr_t>(node.get_attribute<int64_t>("address"));
  const ov::element::Type type(node.get_attribute<std::string>("type"));
  const auto dims = node.get_attribute<std::vector<int64_t>>("dims");
  const auto file = FileWith(address, type, dims);
  if (file == nullptr) {
    throw std::invalid_argument(
        "lamina.mapped.Weights is Lamina's own operator, for weights of the model that is being read; these are none: "
        "take the node out");
  }
  const MappingAllocator memory{file, file->bytes().data() + (address - (End(*file) - file->bytes().size()))};
  const ov::Tensor tensor(type, ov::Shape(dims.begin(), dims.end()), ov::Allocator(memory));
  return std::make_shared<ov::op::v0::Constant>(tensor)->outputs();
}

}  // namespace

std::shared_ptr<ov::Model> ReadWithMappings(ov::Core& core, const std::string& model, const Mappings& mappings) {
  static const auto& extension =
      *new std::shared_ptr<ov::Extension>(std::make_shared<ov::frontend::onnx::ConversionExtension>(
          std::string(kMappedWeights), std::string(kMappedDomain), Weights));
  if (!mappings.empty()) core.add_extension(extension);
  const Reading scope(mappings);
  return core.read_model(model, ov::Tensor());
}

}  // namespace lamina::prepare
