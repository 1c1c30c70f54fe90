#include "extension/bridge/node_blob.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <unordered_map>

#include "extension/bridge/element_type.h"

namespace lamina::bridge {
namespace {

constexpr char kMagic[8] = {'L', 'a', 'm', 'i', 'n', 'a', '0', '3'};

// Of all strings, each as often as it is there. More than any file has from which a model comes: protobuf's limit.
constexpr uint64_t kMostText = uint64_t{1} << 31;

constexpr uint64_t Padded(uint64_t size) { return (size + 7) / 8 * 8; }

// Types below 8 bits are packed.
uint64_t ByteSize(int32_t type, uint64_t count) { return (count * FromAbi(type).bitwidth() + 7) / 8; }

// The greatest number if it is beyond 64 bits: no tensor has so many elements.
uint64_t Product(const int64_t* dims, uint64_t rank) {
  uint64_t product = 1;
  for (uint64_t i = 0; i < rank; ++i) {
    if (dims[i] < 0 || __builtin_mul_overflow(product, uint64_t(dims[i]), &product)) return ~uint64_t{0};
  }
  return product;
}

bool IsScalar(int32_t kind) {
  return kind == LAMINA_ATTRIBUTE_INT || kind == LAMINA_ATTRIBUTE_FLOAT || kind == LAMINA_ATTRIBUTE_STRING ||
         kind == LAMINA_ATTRIBUTE_TENSOR;
}

[[noreturn]] void Damaged(const char* what) {
  throw std::runtime_error(std::string("the node's attributes are damaged (") + what + "); convert the model again");
}

}  // namespace

NodeBlobWriter::NodeBlobWriter(const NodeHeader& header) {
  Bytes(kMagic, sizeof(kMagic));
  String(header.name);
  String(header.domain);
  String(header.operator_name);
  Number(header.opset);
  Number(header.output_count);
  Number(header.in_body);
  Number(header.present.size());
  Bytes(header.present.data(), header.present.size());
  count_at_ = bytes_.size();
  Number(0);
}

void NodeBlobWriter::Number(uint64_t value) { Bytes(&value, sizeof(value)); }

void NodeBlobWriter::Bytes(const void* data, size_t size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  if (size != 0) bytes_.insert(bytes_.end(), bytes, bytes + size);
  bytes_.resize(Padded(bytes_.size()));
}

void NodeBlobWriter::String(std::string_view text) {
  Number(text.size());
  Bytes(text.data(), text.size());
}

template <class T>
void NodeBlobWriter::Narrowed(std::span<const int64_t> values) {
  const std::vector<T> narrow(values.begin(), values.end());
  Number(sizeof(T));
  Bytes(narrow.data(), narrow.size() * sizeof(T));
}

void NodeBlobWriter::Integers(std::span<const int64_t> values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const auto fit = [&, least = least, most = most]<class T>(T) {
    return values.empty() || (*least >= std::numeric_limits<T>::min() && *most <= std::numeric_limits<T>::max());
  };
  if (fit(int8_t())) return Narrowed<int8_t>(values);
  if (fit(int16_t())) return Narrowed<int16_t>(values);
  if (fit(int32_t())) return Narrowed<int32_t>(values);
  Narrowed<int64_t>(values);
}

// Those that differ, and for each string which of them it is.
void NodeBlobWriter::Strings(const lamina_string* strings, uint64_t count) {
  std::unordered_map<std::string_view, int64_t> places;
  std::vector<std::string_view> different;
  std::vector<int64_t> chosen(count);
  for (uint64_t i = 0; i < count; ++i) {
    const std::string_view text(strings[i].data, strings[i].size);
    const auto [place, is_new] = places.try_emplace(text, different.size());
    if (is_new) different.push_back(text);
    chosen[i] = place->second;
  }
  Number(different.size());
  for (const std::string_view text : different) String(text);
  Integers(chosen);
}

void NodeBlobWriter::Tensor(const lamina_tensor& tensor) {
  Number(uint64_t(tensor.type));
  Number(uint64_t(tensor.rank));
  Bytes(tensor.dims, size_t(tensor.rank) * sizeof(int64_t));
  Number(tensor.size);
  if (tensor.type == LAMINA_STRING) {
    Strings(static_cast<const lamina_string*>(tensor.data), tensor.size);
  } else {
    Bytes(tensor.data, ByteSize(tensor.type, tensor.size));
  }
}

void NodeBlobWriter::Add(const lamina_attribute& attribute) {
  ++count_;
  String(attribute.name);
  Number(uint64_t(attribute.kind));
  Number(attribute.count);
  switch (attribute.kind) {
    case LAMINA_ATTRIBUTE_INT:
    case LAMINA_ATTRIBUTE_INTS:
      return Integers({attribute.ints, attribute.count});
    case LAMINA_ATTRIBUTE_FLOAT:
    case LAMINA_ATTRIBUTE_FLOATS:
      return Bytes(attribute.floats, attribute.count * sizeof(float));
    case LAMINA_ATTRIBUTE_STRING:
    case LAMINA_ATTRIBUTE_STRINGS:
      return Strings(attribute.strings, attribute.count);
    default:
      for (uint64_t i = 0; i < attribute.count; ++i) Tensor(*attribute.tensors[i]);
  }
}

std::vector<uint8_t> NodeBlobWriter::Finish() {
  std::memcpy(bytes_.data() + count_at_, &count_, sizeof(count_));
  return std::move(bytes_);
}

NodeBlobReader::NodeBlobReader(std::span<const uint8_t> bytes) : left_(bytes) {
  if (std::memcmp(Bytes(sizeof(kMagic)), kMagic, sizeof(kMagic)) != 0)
    Damaged("they do not begin as they should, or another version of this library wrote them");
  header_.name = String();
  header_.domain = String();
  header_.operator_name = String();
  header_.opset = uint32_t(Number());
  header_.output_count = Number();
  header_.in_body = Number() != 0;
  const uint64_t inputs = Number();
  const uint8_t* present = Bytes(inputs);
  header_.present.assign(present, present + inputs);
  for (const uint8_t is_present : header_.present) {
    if (is_present > 1) Damaged("an input is neither there nor absent");
  }
  for (uint64_t left = Number(); left > 0; --left) Attribute();
  for (const auto& attribute : attributes_) pointers_.push_back(&attribute);
}

uint64_t NodeBlobReader::Number() {
  uint64_t value;
  std::memcpy(&value, Bytes(sizeof(value)), sizeof(value));
  return value;
}

const uint8_t* NodeBlobReader::Bytes(uint64_t size) {
  if (size > left_.size() || Padded(size) > left_.size()) Damaged("they end too early");
  const uint8_t* data = left_.data();
  left_ = left_.subspan(Padded(size));
  return data;
}

template <class T>
const T* NodeBlobReader::Array(uint64_t count) {
  if (count > left_.size() / sizeof(T)) Damaged("they end too early");
  return reinterpret_cast<const T*>(Bytes(count * sizeof(T)));
}

std::string_view NodeBlobReader::String() {
  const uint64_t size = Number();
  return {reinterpret_cast<const char*>(Bytes(size)), size};
}

template <class T>
const int64_t* NodeBlobReader::Widened(uint64_t count) {
  const T* narrow = Array<T>(count);
  return integers_.emplace_back(narrow, narrow + count).data();
}

const int64_t* NodeBlobReader::Integers(uint64_t count) {
  switch (Number()) {
    case 1:
      return Widened<int8_t>(count);
    case 2:
      return Widened<int16_t>(count);
    case 4:
      return Widened<int32_t>(count);
    case 8:
      return Array<int64_t>(count);
    default:
      Damaged("integers have no such width");
  }
}

const lamina_string* NodeBlobReader::Strings(uint64_t count) {
  const uint64_t different = Number();
  if (different > left_.size() / sizeof(uint64_t)) Damaged("they end too early");
  std::vector<lamina_string> texts;
  texts.reserve(different);
  for (uint64_t i = 0; i < different; ++i) {
    const auto text = String();
    texts.push_back({text.data(), text.size()});
  }
  const size_t kept = integers_.size();
  const int64_t* chosen = Integers(count);
  auto& strings = strings_.emplace_back();
  strings.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    if (uint64_t(chosen[i]) >= different) Damaged("a string is none of those that there are");
    strings.push_back(texts[size_t(chosen[i])]);
    text_ += strings.back().size;
    if (text_ > kMostText) Damaged("the strings are more than 2 GiB together, each as often as it is there");
  }
  integers_.resize(kept);
  return strings.data();
}

const lamina_tensor* NodeBlobReader::Tensor() {
  lamina_tensor tensor = {sizeof(lamina_tensor)};
  const uint64_t type = Number();
  if (type == LAMINA_DYNAMIC || type > LAMINA_F8E8M0) Damaged("a tensor has no such element type");
  tensor.type = int32_t(type);
  const uint64_t rank = Number();
  tensor.dims = Array<int64_t>(rank);
  tensor.rank = int32_t(rank);
  tensor.size = Number();
  if (tensor.size != Product(tensor.dims, rank)) Damaged("a tensor has not as many elements as its dimensions say");
  if (tensor.size / 8 > left_.size()) Damaged("they end too early");
  const void* data = tensor.type == LAMINA_STRING ? static_cast<const void*>(Strings(tensor.size))
                                                  : Bytes(ByteSize(tensor.type, tensor.size));
  tensor.data = const_cast<void*>(data);
  return &tensors_.emplace_back(tensor);
}

void NodeBlobReader::Attribute() {
  lamina_attribute& attribute = attributes_.emplace_back(lamina_attribute{sizeof(lamina_attribute)});
  attribute.name = names_.emplace_back(String()).c_str();
  attribute.kind = int32_t(Number());
  attribute.count = Number();
  if (IsScalar(attribute.kind) && attribute.count != 1) Damaged("an attribute of one value has another number of them");
  switch (attribute.kind) {
    case LAMINA_ATTRIBUTE_INT:
    case LAMINA_ATTRIBUTE_INTS:
      attribute.ints = Integers(attribute.count);
      return;
    case LAMINA_ATTRIBUTE_FLOAT:
    case LAMINA_ATTRIBUTE_FLOATS:
      attribute.floats = Array<float>(attribute.count);
      return;
    case LAMINA_ATTRIBUTE_STRING:
    case LAMINA_ATTRIBUTE_STRINGS:
      attribute.strings = Strings(attribute.count);
      return;
    case LAMINA_ATTRIBUTE_TENSOR:
    case LAMINA_ATTRIBUTE_TENSORS: {
      auto& list = tensor_lists_.emplace_back();
      for (uint64_t i = 0; i < attribute.count; ++i) list.push_back(Tensor());
      attribute.tensors = list.data();
      return;
    }
    default:
      Damaged("an attribute is of no known kind");
  }
}

}  // namespace lamina::bridge
