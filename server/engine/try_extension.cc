#include "server/engine/try_extension.h"

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
  return absl::StrReplaceAll(wrong, {{absl::StrCat(who, ": '", library.loadable_path, "'"), who},
                                     {library.loadable_path, library.path}});
}

}  // namespace

absl::Status TryExtension(const ExtensionLibrary& library, const std::string& bridge) {
  const std::string who = absl::StrCat("the extension library ", library.path);
  const std::string wrong = loader::TryInChild(
      who, [&] { return AddAlone(library, bridge, who); }, library.copy ? library.copy->descriptor() : STDERR_FILENO);
  return wrong.empty() ? absl::OkStatus() : absl::FailedPreconditionError(wrong);
}

}  // namespace lamina::server
