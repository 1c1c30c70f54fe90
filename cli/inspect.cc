#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/libraries.h"
#include "lamina/abi.h"
#include "sdk/loader/checks.h"
#include "sdk/loader/declarations.h"
#include "sdk/loader/error.h"
#include "sdk/loader/manifest.h"

namespace lamina::cli {
namespace {

const char* KindText(loader::Manifest::Kind kind) {
  switch (kind) {
    case loader::Manifest::Kind::kLayers:
      return "layers";
    case loader::Manifest::Kind::kNative:
      return "native OpenVINO extension; what it holds is known only once it is loaded";
    case loader::Manifest::Kind::kBoth:
      return "layers, and a native OpenVINO extension";
  }
  return "";
}

void PrintPorts(const char* title, const std::vector<loader::PortInfo>& ports) {
  for (const loader::PortInfo& port : ports) {
    std::printf("    %s %s: %s%s%s\n", title, port.name.c_str(), loader::TypeNames(port.types).c_str(),
                (port.flags & LAMINA_PORT_OPTIONAL) != 0 ? ", optional" : "",
                (port.flags & LAMINA_PORT_VARIADIC) != 0 ? ", any number of them" : "");
  }
}

void PrintLayer(const loader::LayerInfo& layer) {
  std::printf("\n  %s\n", layer.name.c_str());
  for (const loader::Binding& binding : layer.bindings) std::printf("    for %s\n", loader::BindingText(binding).c_str());
  if (layer.bindings.empty()) std::printf("    for no operator: no model can reach it; give it an .Onnx(domain)\n");
  PrintPorts("input", layer.inputs);
  for (const loader::AttributeInfo& attribute : layer.attributes) {
    std::printf("    attribute %s: %s%s\n", attribute.name.c_str(), KindNames(attribute.kinds).c_str(),
                attribute.required ? ", required" : "");
  }
  PrintPorts("output", layer.outputs);
}

/// One library; whether this machine can load it comes last.
bool Inspect(const std::string& path) {
  try {
    const loader::Manifest manifest = loader::ReadManifest(path);
    std::printf("%s\n", path.c_str());
    std::printf("  kind: %s\n", KindText(manifest.kind));
    if (manifest.has_layers()) {
      std::printf("  name: %s %s\n", manifest.name.c_str(), manifest.version.c_str());
      std::printf("  ABI: %u.%u\n", manifest.abi_major, manifest.abi_minor);
    }
    std::printf("  needs: %s (this machine has %s)\n", loader::IsaName(manifest.isa),
                loader::IsaName(loader::MachineIsa()));
    if (manifest.has_layers()) std::printf("  layers: %zu\n", manifest.layers.size());
    for (const loader::LayerInfo& layer : manifest.layers) PrintLayer(layer);
    loader::CheckLoadable(manifest);
    return true;
  } catch (const loader::LoadError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return false;
  }
}

int ListLayers(const std::vector<std::string>& paths, bool markdown) {
  try {
    for (const loader::Manifest& manifest : ReadManifests(paths)) {
      if (markdown) {
        std::fputs(Catalogue(manifest).c_str(), stdout);
        continue;
      }
      for (const loader::LayerInfo& layer : manifest.layers) {
        if (layer.bindings.empty()) std::printf("%-32s %s\n", layer.name.c_str(), manifest.path.c_str());
        for (const loader::Binding& binding : layer.bindings) {
          std::printf("%-32s %s\n", layer.name.c_str(), loader::BindingText(binding).c_str());
        }
      }
    }
    return 0;
  } catch (const loader::LoadError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}

}  // namespace

void AddInspect(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("inspect", "Say what extension libraries hold and need, without loading them");
  auto paths = std::make_shared<std::vector<std::string>>();
  command.add_option("library", *paths, "libraries (default: our own)");
  command.footer("Example:\n  lamina inspect ./libmy_layers.so");
  command.callback([paths, &exit_code] {
    if (paths->empty()) paths->push_back(OwnLibrary());
    exit_code = 0;
    for (const std::string& path : *paths) {
      if (!Inspect(path)) exit_code = 1;
    }
  });
}

void AddLayers(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand("layers", "List the operators that extension libraries bring, one a line");
  auto paths = std::make_shared<std::vector<std::string>>();
  auto markdown = std::make_shared<bool>(false);
  command.add_option("library", *paths, "libraries (default: our own)");
  command.add_flag("--markdown", *markdown, "all that is known of each layer, as a page of Markdown");
  command.footer(
      "Examples:\n  lamina layers | grep ai.onnx.ml\n  lamina layers --markdown ./libmy_layers.so > layers.md");
  command.callback([paths, markdown, &exit_code] { exit_code = ListLayers(*paths, *markdown); });
}

}  // namespace lamina::cli
