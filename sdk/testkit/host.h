// TestHost: the host's side of one callback, for the test kit.
#ifndef LAMINA_SDK_TESTKIT_HOST_H_
#define LAMINA_SDK_TESTKIT_HOST_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sdk/testkit/testkit.h"

namespace lamina::testkit {

/// A tensor in memory that is aligned to 64 bytes, or one element past that; with guards around it that show writes
/// beyond its ends.
class Buffer {
 public:
  Buffer(size_t bytes, size_t element, bool unaligned);
  uint8_t* data() { return memory_.data() + offset_; }
  bool overwritten() const;

 private:
  std::vector<uint8_t> memory_;
  size_t offset_, bytes_;
};

/// One output while it is computed.
struct OutputSlot {
  int32_t type = LAMINA_DYNAMIC;
  int32_t rank = -1;
  std::vector<int64_t> dims;
  Value value;
  std::unique_ptr<Buffer> buffer;
  lamina_tensor tensor = {};
  bool allocated = false;

  bool known() const;
  /// Gives it the memory for its dimensions.
  void Allocate(bool unaligned);
};

/// The context that the callbacks get. Lives for one create, infer or compute.
struct TestHost {
  explicit TestHost(const Options& options, size_t output_count = 0);

  static TestHost& Of(void* context) { return *static_cast<TestHost*>(context); }

  const Options& options;
  lamina_host abi;
  std::mutex mutex;
  std::string error;
  int32_t code = LAMINA_OK;
  std::vector<OutputSlot> outputs;
  std::vector<std::unique_ptr<Buffer>> scratch;
};

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_HOST_H_
