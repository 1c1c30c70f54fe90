#include "extension/bridge/host.h"

#include <stdexcept>

#include "extension/bridge/failure_mark.h"
#include "extension/bridge/isa.h"
#include "extension/bridge/log.h"
#include "extension/bridge/parallel.h"
#include "lamina/types.h"

namespace lamina::bridge {
namespace {

Context& From(void* context) { return *static_cast<Context*>(context); }

void Fail(void* context, int32_t code, const char* message, uint64_t size) {
  From(context).Fail(code, {message, size});
}

void LogLine(void* context, int32_t level, const char* message, uint64_t size) {
  Log(level, From(context).subject, {message, size});
}

void SetOutput(void* context, uint64_t output, int32_t type, int32_t rank, const int64_t* dims) {
  From(context).SetOutput(output, type, rank, dims);
}

uint32_t Threads(void*) { return ThreadCount(); }

void Parallel(void*, uint64_t count, uint64_t grain, void (*body)(void*, uint64_t, uint64_t), void* argument) {
  ParallelFor(count, grain, body, argument);
}

void* AllocateScratch(void* context, uint64_t bytes) { return From(context).scratch.Allocate(bytes); }

// The engine does not tell an operation that its request was given up.
int32_t Cancelled(void*) { return 0; }

int32_t SetShape(void* context, uint64_t output, int32_t rank, const int64_t* dims) {
  return From(context).SetShape(output, rank, dims);
}

void SetString(void* context, uint64_t output, uint64_t index, const char* data, uint64_t size) {
  From(context).SetString(output, index, {data, size});
}

}  // namespace

const lamina_host& Host() {
  static const lamina_host host = {
      sizeof(lamina_host), LAMINA_ABI_MAJOR, LAMINA_ABI_MINOR, uint32_t(Isa()),  &Fail,      &LogLine,
      &SetOutput,          &Threads,         &Parallel,        &AllocateScratch, &Cancelled, &SetShape,
      &SetString};
  return host;
}

void Context::SetOutput(uint64_t, int32_t, int32_t, const int64_t*) {
  Fail(LAMINA_INTERNAL, "it called set_output outside infer");
}

int32_t Context::SetShape(uint64_t, int32_t, const int64_t*) {
  Fail(LAMINA_INTERNAL, "it called set_shape outside compute");
  return LAMINA_INTERNAL;
}

void Context::SetString(uint64_t, uint64_t, std::string_view) {
  Fail(LAMINA_INTERNAL, "it called set_string outside compute");
}

void Context::Fail(int32_t failure, std::string_view why) {
  const std::lock_guard lock(mutex);
  if (code != LAMINA_OK) return;
  code = failure == LAMINA_OK ? LAMINA_INTERNAL : failure;
  constexpr size_t kMost = 4096;
  message = why.size() <= kMost ? std::string(why) : Cat(why.substr(0, kMost), "... (", why.size(), " bytes)");
}

void Context::Check(int32_t result, const char* callback) const {
  if (result == LAMINA_OK && code == LAMINA_OK) return;
  if (!message.empty())
    throw std::runtime_error(Cat(subject, ": ", message, FailureMarkOf(code == LAMINA_OK ? result : code)));
  throw std::runtime_error(subject + ": " + callback + " failed with code " + std::to_string(result ? result : code) +
                           " and no message");
}

}  // namespace lamina::bridge
