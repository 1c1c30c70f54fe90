#include "sdk/testkit/host.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "sdk/loader/manifest.h"

namespace lamina::testkit {
namespace {

constexpr uint8_t kGuard = 0xa5;
constexpr size_t kGuardBytes = 64, kAlignment = 64;

void Fail(void* context, int32_t code, const char* message, uint64_t size) {
  TestHost& host = TestHost::Of(context);
  const std::lock_guard lock(host.mutex);
  host.code = code;
  host.error.assign(message, size);
}

// Warnings and errors; with LAMINA_LOG=info or debug everything.
void Log(void*, int32_t level, const char* message, uint64_t size) {
  const char* word = std::getenv("LAMINA_LOG");
  const bool all = word && (std::string_view(word) == "info" || std::string_view(word) == "debug");
  if (level < LAMINA_LOG_WARNING && !all) return;
  std::fprintf(stderr, "[layer, level %d] %.*s\n", level, int(size), message);
}

void SetOutput(void* context, uint64_t output, int32_t type, int32_t rank, const int64_t* dims) {
  OutputSlot& slot = TestHost::Of(context).outputs.at(output);
  slot.type = type;
  slot.rank = rank;
  slot.dims.assign(dims, dims + std::max(rank, 0));
}

uint32_t ThreadCount(void* context) { return uint32_t(TestHost::Of(context).options.threads); }

void ParallelFor(void* context, uint64_t count, uint64_t grain, void (*body)(void*, uint64_t, uint64_t),
                 void* argument) {
  const uint64_t parts =
      std::clamp<uint64_t>(count / std::max<uint64_t>(grain, 1), 1, TestHost::Of(context).options.threads);
  std::vector<std::jthread> threads;
  for (uint64_t i = 1; i < parts; ++i) {
    threads.emplace_back([=] { body(argument, count * i / parts, count * (i + 1) / parts); });
  }
  if (count > 0) body(argument, 0, count / parts);
}

void* Scratch(void* context, uint64_t bytes) {
  TestHost& host = TestHost::Of(context);
  const std::lock_guard lock(host.mutex);
  return host.scratch.emplace_back(std::make_unique<Buffer>(bytes, 1, false))->data();
}

int32_t Cancelled(void* context) { return TestHost::Of(context).options.cancelled; }

int32_t SetShape(void* context, uint64_t output, int32_t rank, const int64_t* dims) {
  TestHost& host = TestHost::Of(context);
  OutputSlot& slot = host.outputs.at(output);
  const std::vector<int64_t> shape(dims, dims + rank);
  for (size_t i = 0; slot.rank >= 0 && (i < slot.dims.size() || i < shape.size()); ++i) {
    if (slot.dims.size() != shape.size() || (slot.dims[i] != -1 && slot.dims[i] != shape[i])) {
      host.error = "the shape of output " + std::to_string(output) + " is not the one that Infer gave";
      return host.code = LAMINA_INTERNAL;
    }
  }
  slot.rank = rank;
  slot.dims = shape;
  slot.Allocate(host.options.unaligned);
  return LAMINA_OK;
}

void SetString(void* context, uint64_t output, uint64_t index, const char* data, uint64_t size) {
  TestHost::Of(context).outputs.at(output).value.strings.at(index).assign(data, size);
}

}  // namespace

Buffer::Buffer(size_t bytes, size_t element, bool unaligned)
    : memory_(bytes + 2 * kGuardBytes + 2 * kAlignment, kGuard), bytes_(bytes) {
  const auto start = reinterpret_cast<uintptr_t>(memory_.data()) + kGuardBytes;
  offset_ = (start + kAlignment - 1) / kAlignment * kAlignment - (start - kGuardBytes) + (unaligned ? element : 0);
}

bool Buffer::overwritten() const {
  const auto is_guard = [](uint8_t byte) { return byte == kGuard; };
  return !std::all_of(memory_.begin(), memory_.begin() + offset_, is_guard) ||
         !std::all_of(memory_.begin() + offset_ + bytes_, memory_.end(), is_guard);
}

bool OutputSlot::known() const {
  return rank >= 0 && std::all_of(dims.begin(), dims.end(), [](int64_t dim) { return dim >= 0; });
}

void OutputSlot::Allocate(bool unaligned) {
  value = Value::Zeros(type, dims);
  const size_t element = std::max<size_t>(BitsOf(type) / 8, 1);
  buffer = std::make_unique<Buffer>(value.bytes.size(), element, unaligned);
  tensor = {sizeof(lamina_tensor), type, dims.data(), rank, 0, value.size(),
            type == LAMINA_STRING ? nullptr : buffer->data()};
  allocated = true;
}

TestHost::TestHost(const Options& given, size_t output_count) : options(given), outputs(output_count) {
  const int32_t isa = options.isa < 0 ? loader::MachineIsa() : options.isa;
  abi = {sizeof(lamina_host), LAMINA_ABI_MAJOR, LAMINA_ABI_MINOR, uint32_t(isa), Fail, Log, SetOutput, ThreadCount,
         ParallelFor, Scratch, Cancelled, SetShape, SetString};
}

}  // namespace lamina::testkit
