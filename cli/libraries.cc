#include "cli/libraries.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "lamina/abi.h"
#include "sdk/loader/checks.h"
#include "server/config/text_list.h"

namespace lamina::cli {

std::string ProgramDir() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "." : program.parent_path().string();
}

std::string OwnLibrary() {
  return (std::filesystem::path(ProgramDir()).parent_path() / "lib/libcpu_extension.so").string();
}

std::optional<std::vector<std::string>> NamedLibraries(const std::vector<std::string>& flag) {
  std::vector<std::string> lists = flag;
  if (const char* paths = std::getenv("CPU_EXTENSION"); lists.empty() && paths != nullptr) lists = {paths};
  if (lists.empty()) return std::nullopt;
  std::vector<std::string> libraries;
  for (const std::string& list : lists) {
    for (std::string& path : server::SplitPaths(list)) libraries.push_back(std::move(path));
  }
  return libraries;
}

void IgnoreLayersOfEnvironment() {
  const char* paths = std::getenv("LAMINA_LAYERS");
  if (paths == nullptr) return;
  if (*paths != '\0') {
    std::fprintf(stderr,
                 "warning: LAMINA_LAYERS is for programs that load libcpu_extension.so themselves and is ignored; name "
                 "libraries of layers in CPU_EXTENSION or --cpu_extension\n");
  }
  unsetenv("LAMINA_LAYERS");
}

std::vector<loader::Manifest> ReadManifests(const std::vector<std::string>& paths) {
  std::vector<loader::Manifest> manifests;
  for (const std::string& list : paths) {
    for (const std::string& path : server::SplitPaths(list)) manifests.push_back(loader::ReadManifest(path));
  }
  if (paths.empty()) manifests.push_back(loader::ReadManifest(OwnLibrary()));
  return manifests;
}

std::string KindNames(uint64_t kinds) {
  std::string names;
  for (int32_t kind = LAMINA_ATTRIBUTE_INT; kind <= LAMINA_ATTRIBUTE_TENSORS; ++kind) {
    if ((kinds >> kind & 1) == 0) continue;
    if (!names.empty()) names += " or ";
    names += loader::KindName(kind);
  }
  return names.empty() ? "any kind" : names;
}

}  // namespace lamina::cli
