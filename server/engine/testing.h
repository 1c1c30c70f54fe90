#ifndef LAMINA_SERVER_ENGINE_TESTING_H_
#define LAMINA_SERVER_ENGINE_TESTING_H_

#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "openvino/core/model.hpp"
#include "server/api/infer_request.h"
#include "server/api/tensor.h"

/// What the tests of the engine and of the models above it share.
namespace lamina::server::testing {

/// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /// Makes the folders above it, too.
  void Write(const std::filesystem::path& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

/// y = x * factor for any element type and shape; the input is called x, the output y.
std::shared_ptr<ov::Model> Times(float factor, const ov::PartialShape& shape,
                                 ov::element::Type type = ov::element::f32);
/// The strings of x, taken apart and put together again as y.
std::shared_ptr<ov::Model> SameStrings();
/// x with n dimensions of 1 in front and one more multiplication of matrices than anyone needs: takes tens of
/// milliseconds.
std::shared_ptr<ov::Model> Slow(int64_t size);

/// y = x, by way of eight products: any number of rows of `columns` values.
std::shared_ptr<ov::Model> SlowRows(size_t columns);

/// Writes a model as IR: <folder>/model.xml and .bin.
void Save(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& folder);

/// Keeps the outputs of a request by name, in memory whose alignment can be spoilt.
class KeepingSink final : public OutputSink {
 public:
  explicit KeepingSink(size_t misalign = 0) : misalign_(misalign) {}

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                               size_t byte_size) override;
  absl::Status PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                          std::span<const std::string> values) override;

  template <typename T>
  std::vector<T> Values(const std::string& name) const {
    const Output& output = outputs_.at(name);
    std::vector<T> values((output.bytes.size() - misalign_) / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), output.bytes.data() + misalign_, values.size() * sizeof(T));
    return values;
  }
  const std::vector<std::string>& Strings(const std::string& name) const { return outputs_.at(name).strings; }
  const std::vector<int64_t>& Shape(const std::string& name) const { return outputs_.at(name).shape; }
  const std::vector<std::string>& order() const { return order_; }

 private:
  struct Output {
    std::vector<int64_t> shape;
    std::vector<std::byte> bytes;
    std::vector<std::string> strings;
  };
  size_t misalign_;
  std::map<std::string, Output> outputs_;
  std::vector<std::string> order_;
};

/// A view of `values` as an input; all arguments must stay.
template <typename T>
InputTensor Input(std::string_view name, ElementType type, const std::vector<int64_t>& shape,
                  const std::vector<T>& values) {
  return {.name = name, .type = type, .shape = shape, .data = std::as_bytes(std::span(values))};
}

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_ENGINE_TESTING_H_
