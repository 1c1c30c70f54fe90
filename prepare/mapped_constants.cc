#include "prepare/mapped_constants.h"

#include <iterator>
#include <map>

#include "openvino/core/graph_util.hpp"
#include "openvino/core/rt_info.hpp"
#include "openvino/op/constant.hpp"
#include "openvino/op/util/multi_subgraph_base.hpp"
#include "openvino/runtime/allocator.hpp"
#include "openvino/runtime/tensor.hpp"

namespace lamina::prepare {
namespace {

using Constant = ov::op::v0::Constant;

/// Gives out memory of a mapping, which lives as long as the allocator: as long as the tensor.
struct MappingAllocator {
  std::shared_ptr<const MappedFile> file;
  const char* data;

  void* allocate(size_t, size_t) const { return const_cast<char*>(data); }
  void deallocate(void*, size_t, size_t) const noexcept {}
  bool is_equal(const MappingAllocator& other) const { return data == other.data; }
};

using Files = std::map<const char*, std::shared_ptr<const MappedFile>>;  // by where each begins in memory

std::shared_ptr<const MappedFile> FileOf(const char* data, const Files& files) {
  const auto after = files.upper_bound(data);
  if (after == files.begin()) return nullptr;
  const std::shared_ptr<const MappedFile>& file = std::prev(after)->second;
  return data < file->bytes().data() + file->bytes().size() ? file : nullptr;
}

void Own(ov::Model& model, const Files& files) {
  for (const std::shared_ptr<ov::Node>& node : model.get_ordered_ops()) {
    if (const auto graphs = ov::as_type_ptr<ov::op::util::MultiSubGraphOp>(node)) {
      for (const auto& body : graphs->get_functions()) Own(*body, files);
    }
    const auto constant = ov::as_type_ptr<Constant>(node);
    if (constant == nullptr || constant->get_element_type() == ov::element::string) continue;
    const char* data = static_cast<const char*>(constant->get_data_ptr());
    if (const auto file = FileOf(data, files)) {
      const ov::Tensor tensor(constant->get_element_type(), constant->get_shape(),
                              ov::Allocator(MappingAllocator{file, data}));
      const auto owner = std::make_shared<Constant>(tensor);
      owner->set_friendly_name(constant->get_friendly_name());
      ov::copy_runtime_info(constant, owner);
      ov::replace_node(constant, owner);
    }
  }
}

}  // namespace

void OwnMappedConstants(ov::Model& model, const std::vector<std::shared_ptr<const MappedFile>>& mappings) {
  Files files;
  for (const auto& file : mappings) files.emplace(file->bytes().data(), file);
  if (!files.empty()) Own(model, files);
}

}  // namespace lamina::prepare
