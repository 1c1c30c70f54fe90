#include "server/engine/ov_error.h"

#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "extension/bridge/failure_mark.h"
#include "openvino/core/except.hpp"
#include "openvino/core/node.hpp"
#include "openvino/runtime/exception.hpp"
#include "server/api/no_memory.h"

namespace lamina::server {
namespace {

constexpr char kOfLayer[] = "lamina.layer";

bool IsNoise(absl::string_view line) {
  return line.empty() || absl::StartsWith(line, "Exception from ") ||
         absl::StartsWith(line, "FrontEnd API failed with") ||
         (absl::StartsWith(line, "Check '") && absl::StrContains(line, "' failed at "));
}

/// What is left of std::bad_alloc when the engine has thrown it again as its own, and what it says by itself.
bool MemoryRanOut(const std::string& text) {
  return absl::StrContains(text, "std::bad_alloc") || absl::StrContains(text, "Failed to allocate ");
}

/// The code that a layer gave its failure, whose mark is cut off.
std::optional<absl::StatusCode> TakeFailureMark(std::string& text) {
  for (const bridge::FailureMark& mark : bridge::kFailureMarks) {
    const size_t at = text.rfind(mark.text);
    if (at == std::string::npos) continue;
    text.erase(at, mark.text.size());
    return static_cast<absl::StatusCode>(mark.code);  // gRPC's numbers are both
  }
  return std::nullopt;
}

/// Throws where there is no memory for the message.
absl::Status ToStatus(std::string_view context, absl::StatusCode otherwise) {
  const auto message = [&](std::string_view what) {
    return absl::StrCat(std::string(context), ": ", PlainMessage(what));
  };
  const auto status = [&](std::string_view what) {
    std::string text = message(what);
    if (MemoryRanOut(text)) return NoMemory(context);
    const std::optional<absl::StatusCode> code = TakeFailureMark(text);
    absl::Status made(otherwise == absl::StatusCode::kInternal ? code.value_or(otherwise) : otherwise, text);
    if (code == absl::StatusCode::kInvalidArgument) made.SetPayload(kOfLayer, {});
    return made;
  };
  try {
    throw;
  } catch (const ov::Cancelled&) {
    return absl::CancelledError("The client cancelled the request.");
  } catch (const ov::NodeValidationFailure& error) {
    return absl::InvalidArgumentError(message(error.what()));
  } catch (const std::bad_alloc&) {
    return NoMemory(context);
  } catch (const std::length_error&) {  // of what is longer than memory
    return NoMemory(context);
  } catch (const std::system_error& error) {  // of a thread that there is no memory for
    if (error.code() == std::errc::resource_unavailable_try_again) return NoMemory(context);
    return status(error.what());
  } catch (const std::exception& error) {
    return status(error.what());
  } catch (...) {
    return absl::Status(otherwise, message("something that is no std::exception was thrown"));
  }
}

}  // namespace

std::string PlainMessage(std::string_view what) {
  std::vector<absl::string_view> kept;
  for (absl::string_view line : absl::StrSplit(absl::string_view(what.data(), what.size()), '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!IsNoise(line)) kept.push_back(line);
  }
  if (kept.empty()) return std::string(absl::StripAsciiWhitespace(absl::string_view(what.data(), what.size())));
  return absl::StrJoin(kept, " ");
}

bool IsOfLayer(const absl::Status& error) { return error.GetPayload(kOfLayer).has_value(); }

absl::Status CurrentException(std::string_view context, absl::StatusCode otherwise) noexcept {
  try {
    return ToStatus(context, otherwise);
  } catch (...) {
    return absl::Status(absl::StatusCode::kResourceExhausted, "");
  }
}

}  // namespace lamina::server
