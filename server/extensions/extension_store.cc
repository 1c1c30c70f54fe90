#include "server/extensions/extension_store.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sdk/loader/error.h"
#include "server/api/status_macros.h"
#include "server/extensions/default_places.h"
#include "server/extensions/shared_operators.h"

namespace lamina::server {
namespace {

using loader::Manifest;

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

absl::StatusOr<Manifest> Inspect(const std::string& path) {
  try {
    Manifest manifest = loader::ReadManifest(path);
    loader::CheckLoadable(manifest);
    return manifest;
  } catch (const loader::LoadError& error) {
    return absl::FailedPreconditionError(absl::StrCat("extension library: ", error.what()));
  }
}

/// The names of a few layers; of many, what names them.
std::string LayerNames(const Manifest& manifest) {
  constexpr size_t kFew = 8;
  if (manifest.layers.size() > kFew) return "`lamina inspect` names them";
  return absl::StrJoin(manifest.layers, ", ",
                       [](std::string* out, const loader::LayerInfo& layer) { out->append(layer.name); });
}

std::string FewNames(const std::vector<std::string>& names) {
  constexpr size_t kFew = 8;
  const std::string few = absl::StrJoin(names.begin(), names.begin() + std::min(names.size(), kFew), ", ");
  return names.size() <= kFew ? few : absl::StrCat(few, " and ", names.size() - kFew, " more");
}

std::string Describe(const Manifest& manifest) {
  if (manifest.kind == Manifest::Kind::kNative) return "a native OpenVINO extension";
  return absl::StrCat(manifest.name, " ", manifest.version, ", ABI ", manifest.abi_major, ".", manifest.abi_minor,
                      ", for ", loader::IsaName(manifest.isa), ", ", manifest.layers.size(),
                      manifest.layers.size() == 1 ? " layer (" : " layers (", LayerNames(manifest), ")");
}

void TellBad(const absl::Status& why) {
  spdlog::error("{} (models that do not need it are served)", std::string(why.message()));
}

}  // namespace

ExtensionStore::ExtensionStore(const ExtensionsConfig& config, const std::vector<ModelConfig>& models,
                               const TryLibrary& try_library) {
  const std::string own = BuiltInLibrary(config.program_dir);
  const bool switched_off = config.libraries && config.libraries->empty();
  if (Exists(own)) bridge_ = own;
  if (!switched_off) built_in_ = bridge_;
  if (config.libraries) {
    for_all_ = *config.libraries;
  } else if (const auto found = FindDefaultLibrary(Exists)) {
    for_all_ = {*found};
  } else if (built_in_.empty()) {
    spdlog::warn("no extension library: {} is not there, and none is named", own);
  }
  if (!built_in_.empty()) Add(built_in_, /*in_place=*/true, try_library);
  for (const std::string& path : for_all_) Add(path, /*in_place=*/false, try_library);
  for (const ModelConfig& model : models) {
    for (const std::string& path : model.cpu_extensions) Add(path, /*in_place=*/false, try_library);
  }
  TellShared(For(ModelConfig()), "all models");
  for (const ModelConfig& model : models) TellShared(For(model), absl::StrCat("model '", model.name, "'"));
}

void ExtensionStore::TellShared(const ExtensionSet& set, const std::string& whose) {
  for (auto later = set.libraries.begin(); later != set.libraries.end(); ++later) {
    for (auto earlier = set.libraries.begin(); earlier != later; ++earlier) {
      const std::vector<std::string> shared = SharedOperators((*earlier)->manifest, (*later)->manifest);
      if (shared.empty() || !told_shared_.emplace((*earlier)->path, (*later)->path).second) continue;
      // To stand in for a layer of ours is what a library may be for.
      const bool is_meant = (*earlier)->path == built_in_;
      spdlog::log(is_meant ? spdlog::level::info : spdlog::level::warn,
                  "{}: {} and {} both take {}; the layers of {} count, as it comes later{}", whose, (*earlier)->path,
                  (*later)->path, FewNames(shared), (*later)->path,
                  is_meant ? "" : ": change their order, or leave one out, if this is not meant");
    }
  }
}

void ExtensionStore::Add(const std::string& path, bool in_place, const TryLibrary& try_library) {
  if (tried_.count(path)) return;
  Tried library = Open(path, in_place, bridge_, try_library);
  if (library.ok()) {
    spdlog::info("extension library {}: {}", path, Describe((*library)->manifest));
  } else if (!absl::IsCancelled(library.status())) {
    TellBad(library.status());
  }
  tried_.emplace(path, std::move(library));
}

ExtensionStore::Tried ExtensionStore::Open(const std::string& path, bool in_place, const std::string& bridge,
                                           const TryLibrary& try_library) {
  LAMINA_ASSIGN_OR_RETURN(Manifest manifest, Inspect(path));
  auto library = std::make_shared<ExtensionLibrary>();
  library->path = library->loadable_path = path;
  library->manifest = std::move(manifest);
  if (!in_place) {
    if (auto copy = PrivateCopy::Of(path)) {
      library->loadable_path = copy->path();
      library->copy = std::move(copy);
    } else {
      spdlog::warn(
          "extension library {}: it cannot be copied to memory, so it is loaded as it lies; do not write over it while "
          "the server runs",
          path);
    }
  }
  LAMINA_RETURN_IF_ERROR(try_library(*library, bridge));
  return library;
}

ExtensionStore::Tried ExtensionStore::Find(const std::string& path) const {
  const auto tried = tried_.find(path);
  return tried != tried_.end() ? tried->second : TellLate(path);
}

absl::Status ExtensionStore::TellLate(const std::string& path) const {
  const absl::StatusOr<Manifest> manifest = Inspect(path);
  absl::Status why = manifest.status();
  if (manifest.ok()) {
    why = absl::FailedPreconditionError(
        absl::StrCat("extension library: ", path, ", ", Describe(*manifest),
                     ", was not named when the server started, which is when libraries are tried; start it again"));
  }
  MutexLock lock(mutex_);
  if (told_late_.emplace(path, why.message()).second) TellBad(why);
  return why;
}

std::vector<std::shared_ptr<const ExtensionLibrary>> ExtensionStore::Libraries() const {
  std::vector<std::shared_ptr<const ExtensionLibrary>> libraries;
  for (const auto& [path, tried] : tried_) {
    if (tried.ok()) libraries.push_back(*tried);
  }
  return libraries;
}

ExtensionSet ExtensionStore::For(const ModelConfig& model) const {
  std::vector<Tried> named;
  for (const std::string& path : for_all_) named.push_back(Find(path));
  for (const std::string& path : model.cpu_extensions) named.push_back(Find(path));
  ExtensionSet set{.bridge = bridge_};
  const auto take = [&](const Tried& tried) {
    if (!tried.ok()) {
      set.problems.emplace_back(tried.status().message());
    } else if (std::find(set.libraries.begin(), set.libraries.end(), *tried) == set.libraries.end()) {
      set.libraries.push_back(*tried);
    }
  };
  // Another build of our own library stands in for it: both would bring the same layers.
  const bool replaced = std::any_of(named.begin(), named.end(), [](const Tried& tried) {
    return tried.ok() && (*tried)->manifest.kind == Manifest::Kind::kBoth;
  });
  // Of two libraries with one operator the later wins. Native extensions come first: openvino-tokenizers, for one,
  // takes operators of ai.onnx.ml that it has a part of only.
  const auto layers = std::stable_partition(named.begin(), named.end(), [](const Tried& tried) {
    return tried.ok() && (*tried)->manifest.kind == Manifest::Kind::kNative;
  });
  std::for_each(named.begin(), layers, take);
  if (!built_in_.empty() && !replaced) take(Find(built_in_));
  std::for_each(layers, named.end(), take);
  return set;
}

}  // namespace lamina::server
