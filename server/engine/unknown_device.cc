#include "server/engine/unknown_device.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/engine/ov_error.h"

namespace lamina::server {
namespace {

/// Those that put others to use are there in any case.
constexpr absl::string_view kOfOthers[] = {"AUTO", "MULTI", "HETERO", "BATCH"};

/// Of several of a kind the engine lists "GPU.0" and "GPU.1", of one "GPU"; it takes either word for that one.
bool IsThere(absl::string_view name, const std::vector<std::string>& devices) {
  return std::ranges::any_of(devices, [&](const std::string& device) {
    return name == device || absl::StartsWith(device, absl::StrCat(name, ".")) || name == absl::StrCat(device, ".0");
  });
}

/// The first name in "HETERO:GPU,CPU", "BATCH:GPU(4)" or "AUTO:-GPU,CPU", which leaves one out, that is not there;
/// empty: all are.
std::string FirstMissing(const std::string& device, const std::vector<std::string>& devices) {
  for (absl::string_view name : absl::StrSplit(device, absl::ByAnyChar(":,()"), absl::SkipEmpty())) {
    const bool is_name = !absl::ascii_isdigit(name[0]) && name[0] != '-';
    if (is_name && std::ranges::count(kOfOthers, name) == 0 && !IsThere(name, devices)) return std::string(name);
  }
  return "";
}

}  // namespace

absl::Status ExplainUnknownDevice(absl::Status failed, ov::Core& core, const std::string& device) {
  std::vector<std::string> devices;
  const absl::Status listed = CatchOv("its devices", failed.code(), [&] { devices = core.get_available_devices(); });
  if (!listed.ok()) return failed;
  const std::string missing = FirstMissing(device, devices);
  if (missing.empty()) return failed;
  return absl::Status(failed.code(), absl::StrCat("target_device: the device ", missing,
                                                  " is not available here; there are: ", absl::StrJoin(devices, ", "),
                                                  ". Name one of these, or install the driver that ", missing,
                                                  " needs (", failed.message(), ")"));
}

}  // namespace lamina::server
