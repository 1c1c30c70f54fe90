#include "prepare/external_data.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "prepare/check_locations.h"
#include "prepare/graph.h"

namespace lamina::prepare {
namespace {

namespace fs = std::filesystem;

/// The tensors of the graph, and of those inside it, whose data is in another file: initializers, and attributes of
/// nodes as Constant has them.
std::vector<onnx::Tensor*> ExternalTensors(onnx::Graph& graph) {
  std::vector<onnx::Tensor*> tensors;
  const auto add = [&](onnx::Tensor& tensor) {
    if (tensor.data_location() == onnx::Tensor::EXTERNAL) tensors.push_back(&tensor);
  };
  ForEachGraph(graph, [&](onnx::Graph& inner) {
    for (onnx::Tensor& tensor : *inner.mutable_initializer()) add(tensor);
    for (onnx::Node& node : *inner.mutable_node()) {
      for (onnx::Attribute& attribute : *node.mutable_attribute()) {
        if (attribute.has_t()) add(*attribute.mutable_t());
        for (onnx::Tensor& tensor : *attribute.mutable_tensors()) add(tensor);
      }
    }
  });
  return tensors;
}

std::string Entry(const onnx::Tensor& tensor, std::string_view key) {
  for (const onnx::StringStringEntry& entry : tensor.external_data()) {
    if (entry.key() == key) return entry.value();
  }
  return "";
}

void SetEntry(onnx::Tensor& tensor, std::string_view key, std::string_view value) {
  for (onnx::StringStringEntry& entry : *tensor.mutable_external_data()) {
    if (entry.key() == key) return entry.set_value(std::string(value));
  }
  onnx::StringStringEntry& entry = *tensor.add_external_data();
  entry.set_key(std::string(key));
  entry.set_value(std::string(value));
}

/// The location, if it stays inside the model's folder: a model may not read any file of the machine.
absl::StatusOr<fs::path> Location(const onnx::Tensor& tensor) {
  const fs::path location = fs::path(Entry(tensor, "location")).lexically_normal();
  if (location.empty() || location.is_absolute() || *location.begin() == "..") {
    return absl::InvalidArgumentError(absl::StrCat("tensor '", tensor.name(), "' has its data in '", location.string(),
                                                   "'; external data must be in the model's folder or below it"));
  }
  return location;
}

/// A number of external_data; the one given if it is absent, an error if it is none.
absl::StatusOr<uint64_t> Number(const onnx::Tensor& tensor, std::string_view key, uint64_t otherwise) {
  const std::string text = Entry(tensor, key);
  if (text.empty()) return otherwise;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return absl::InvalidArgumentError(absl::StrCat("tensor '", tensor.name(), "': ", std::string(key),
                                                 " of its external data is '", text, "', not a number"));
}

absl::Status Bring(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error)) {
    if (fs::equivalent(from, to, error)) return absl::OkStatus();
    absl::StatusOr<std::shared_ptr<const MappedFile>> a = MappedFile::Open(from), b = MappedFile::Open(to);
    if (!a.ok()) return a.status();
    if (b.ok() && (*a)->bytes() == (*b)->bytes()) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat(to.string(), " is there already and differs from ", from.string(),
                                                 "; write the model to another folder"));
  }
  fs::create_directories(to.parent_path(), error);
  fs::create_hard_link(fs::canonical(from, error), to, error);
  if (!error) return absl::OkStatus();
  // Under its name there is the whole file or none.
  const fs::path unfinished = to.string() + ".unfinished";
  fs::copy_file(from, unfinished, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(unfinished, to, error);
  if (!error) return absl::OkStatus();
  std::error_code ignored;
  fs::remove(unfinished, ignored);
  return absl::NotFoundError(absl::StrCat("the model's weights ", from.string(), " cannot be brought to ", to.string(),
                                          ": ", error.message()));
}

/// Makes one tensor's reference point into the mapping.
absl::Status PointInto(const MappedFile& file, const fs::path& path, onnx::Tensor& tensor) {
  const size_t available = file.bytes().size();
  const absl::StatusOr<uint64_t> offset = Number(tensor, "offset", 0);
  if (!offset.ok()) return offset.status();
  const absl::StatusOr<uint64_t> length = Number(tensor, "length", available - std::min<uint64_t>(*offset, available));
  if (!length.ok()) return length.status();
  if (*offset > available || *length > available - *offset) {
    return absl::InvalidArgumentError(absl::StrCat("tensor '", tensor.name(), "' is at bytes ", *offset, " to ",
                                                   *offset + *length, " of ", path.string(), ", which has ",
                                                   available));
  }
  SetEntry(tensor, "location", kInMemory);
  SetEntry(tensor, "offset", absl::StrCat(reinterpret_cast<uintptr_t>(file.bytes().data()) + *offset));
  SetEntry(tensor, "length", absl::StrCat(*length));
  return absl::OkStatus();
}

struct PlainType {
  int type;
  std::string_view engines;  // name
  uint64_t size;
};

/// Those that the engine, and numpy, take as they are in a file.
constexpr PlainType kPlainTypes[] = {
    {onnx::Tensor::FLOAT, "f32", 4},  {onnx::Tensor::DOUBLE, "f64", 8}, {onnx::Tensor::FLOAT16, "f16", 2},
    {onnx::Tensor::INT8, "i8", 1},    {onnx::Tensor::INT16, "i16", 2},  {onnx::Tensor::INT32, "i32", 4},
    {onnx::Tensor::INT64, "i64", 8},  {onnx::Tensor::UINT8, "u8", 1},   {onnx::Tensor::UINT16, "u16", 2},
    {onnx::Tensor::UINT32, "u32", 4}, {onnx::Tensor::UINT64, "u64", 8}, {onnx::Tensor::BOOL, "boolean", 1}};

/// Whether the tensor's data, which are at an address by now, can be used where they are.
bool CanStay(const onnx::Tensor& tensor, const PlainType& type) {
  uint64_t bytes = type.size;
  for (const int64_t dim : tensor.dims()) {
    if (dim <= 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes)) return false;
  }
  return tensor.dims_size() > 0 && Entry(tensor, "length") == absl::StrCat(bytes) &&
         *Number(tensor, "offset", 0) % type.size == 0;
}

/// Makes `node` give the tensor's data in place, if that is possible.
bool GiveInPlace(const onnx::Tensor& tensor, const std::string& value, onnx::Node& node) {
  if (tensor.data_location() != onnx::Tensor::EXTERNAL) return false;
  const auto* type = std::ranges::find(kPlainTypes, tensor.data_type(), &PlainType::type);
  if (type == std::end(kPlainTypes) || !CanStay(tensor, *type)) return false;
  onnx::Node made = MakeNode(kMappedWeights, {}, {value});
  made.set_name(node.name().empty() ? value : node.name());
  made.set_domain(std::string(kMappedDomain));
  SetInt(made, "address", static_cast<int64_t>(*Number(tensor, "offset", 0)));
  SetInts(made, "dims", {});
  *made.mutable_attribute(1)->mutable_ints() = tensor.dims();
  onnx::Attribute& name = *made.add_attribute();
  name.set_name("type");
  name.set_type(onnx::Attribute::STRING);
  name.set_s(std::string(type->engines));
  node = std::move(made);  // only now: the tensor may be the node's
  return true;
}

void InitializersInPlace(onnx::Graph& graph) {
  NodeList nodes;
  std::set<std::string> made;
  const auto becomes_node = [&](const onnx::Tensor& tensor) {
    onnx::Node node;
    if (!GiveInPlace(tensor, tensor.name(), node)) return false;
    made.insert(tensor.name());
    *nodes.Add() = std::move(node);
    return true;
  };
  auto& initializers = *graph.mutable_initializer();
  initializers.erase(std::remove_if(initializers.begin(), initializers.end(), becomes_node), initializers.end());
  if (made.empty()) return;
  auto& inputs = *graph.mutable_input();  // before IR 4 initializers are declared there, too
  const auto is_made = [&](const onnx::ValueInfo& input) { return made.contains(input.name()); };
  inputs.erase(std::remove_if(inputs.begin(), inputs.end(), is_made), inputs.end());
  for (onnx::Node& node : *graph.mutable_node()) *nodes.Add() = std::move(node);
  graph.mutable_node()->Swap(&nodes);
}

void ConstantsInPlace(onnx::Graph& graph) {
  for (onnx::Node& node : *graph.mutable_node()) {
    const onnx::Attribute* value = IsOperator(node, "", "Constant") ? FindAttribute(node, "value") : nullptr;
    if (value != nullptr && node.output_size() == 1) GiveInPlace(value->t(), node.output(0), node);
  }
}

}  // namespace

absl::Status BringExternalData(onnx::Model& model, const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::equivalent(from.empty() ? "." : from, to.empty() ? "." : to, error)) return absl::OkStatus();
  std::set<fs::path> locations;
  absl::Status status;
  for (const onnx::Tensor* tensor : ExternalTensors(*model.mutable_graph())) {
    absl::StatusOr<fs::path> location = Location(*tensor);
    if (location.ok())
      locations.insert(*std::move(location));
    else
      status.Update(location.status());
  }
  for (const fs::path& location : locations) {
    if (status.ok()) status = Bring(from / location, to / location);
  }
  return status;
}

absl::Status CheckExternalData(onnx::Model& model, const fs::path& folder) {
  std::set<fs::path> checked;
  for (const onnx::Tensor* tensor : ExternalTensors(*model.mutable_graph())) {
    const absl::StatusOr<fs::path> location = Location(*tensor);
    if (!location.ok()) return location.status();
    if (!checked.insert(*location).second) continue;
    if (const auto file = MappedFile::Open(folder / *location); !file.ok()) return file.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::shared_ptr<const MappedFile>>> MapExternalData(onnx::Model& model,
                                                                               const fs::path& folder) {
  std::map<fs::path, std::shared_ptr<const MappedFile>> files;
  absl::Status status;
  const auto map = [&](onnx::Tensor& tensor) -> absl::Status {
    absl::StatusOr<fs::path> location = Location(tensor);
    if (!location.ok()) return location.status();
    std::shared_ptr<const MappedFile>& file = files[*location];
    if (file == nullptr) {
      absl::StatusOr<std::shared_ptr<const MappedFile>> opened = MappedFile::Open(folder / *location);
      if (!opened.ok()) return opened.status();
      file = *std::move(opened);
    }
    return PointInto(*file, folder / *location, tensor);
  };
  for (onnx::Tensor* tensor : ExternalTensors(*model.mutable_graph())) {
    if (status.ok()) status = map(*tensor);
  }
  if (!status.ok()) return status;
  if (!files.empty()) {
    ForEachGraph(*model.mutable_graph(), [](onnx::Graph& graph) {
      ConstantsInPlace(graph);
      InitializersInPlace(graph);
    });
    onnx::OperatorSetId& import = *model.add_opset_import();
    import.set_domain(std::string(kMappedDomain));
    import.set_version(1);
  }
  std::vector<std::shared_ptr<const MappedFile>> mappings;
  for (auto& [location, file] : files) {
    if (!file->bytes().empty()) mappings.push_back(std::move(file));
  }
  return mappings;
}

}  // namespace lamina::prepare
