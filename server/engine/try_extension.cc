#include "server/engine/try_extension.h"

#include <poll.h>
#include <unistd.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "openvino/runtime/core.hpp"
#include "sdk/loader/load.h"
#include "server/engine/add_extensions.h"
#include "server/engine/ov_error.h"

namespace lamina::server {
namespace {

std::string AddAlone(const ExtensionLibrary& library, const std::string& bridge, const std::string& who) {
  absl::Status added;
  const absl::Status thrown = CatchOv(who, absl::StatusCode::kFailedPrecondition, [&] {
    ov::Core core;
    ExtensionSet set{.bridge = bridge};
    set.libraries.push_back(std::shared_ptr<const ExtensionLibrary>(std::shared_ptr<void>(), &library));
    added = AddExtensions(core, set);
  });
  const std::string wrong(thrown.ok() ? added.message() : thrown.message());
  // The path of the copy says nothing to anybody.
  return absl::StrReplaceAll(
      wrong, {{absl::StrCat(who, ": '", library.loadable_path, "'"), who}, {library.loadable_path, library.path}});
}

}  // namespace

absl::Status TryExtension(const ExtensionLibrary& library, const std::string& bridge, int stop) {
  const std::string who = absl::StrCat("the extension library ", library.path);
  const int kept = library.copy ? library.copy->descriptor() : STDERR_FILENO;
  const std::string wrong =
      loader::TryInChild(who, [&] { return AddAlone(library, bridge, who); }, {.kept = kept, .stop = stop});
  if (wrong.empty()) return absl::OkStatus();
  pollfd stopped{stop, POLLIN, 0};
  return absl::Status(poll(&stopped, 1, 0) > 0 ? absl::StatusCode::kCancelled : absl::StatusCode::kFailedPrecondition,
                      wrong);
}

}  // namespace lamina::server
