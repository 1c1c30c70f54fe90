#include "server/extensions/default_places.h"

#include <filesystem>

namespace lamina::server {
namespace {

// The order of the server of 2019; the first wins.
constexpr const char* kPlaces[] = {
    "/usr/local/lib/libcpu_extension.so",
    "/usr/lib64/libcpu_extension.so",
    "/opt/intel/openvino/deployment_tools/inference_engine/lib/intel64/libcpu_extension_avx2.so",
    ("/opt/intel/computer_vision_sdk/deployment_tools/inference_engine/lib/ubuntu_16.04/intel64/"
     "libcpu_extension_avx2.so"),
};

}  // namespace

std::optional<std::string> FindDefaultLibrary(const FileExists& exists) {
  for (const char* place : kPlaces) {
    if (exists(place)) return place;
  }
  return std::nullopt;
}

std::string BuiltInLibrary(const std::string& program_dir) {
  return (std::filesystem::path(program_dir) / "../lib/libcpu_extension.so").lexically_normal().string();
}

}  // namespace lamina::server
