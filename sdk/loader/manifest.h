// The manifest of a library: what it holds and needs, read from the file without running a line of it.
#ifndef LAMINA_SDK_LOADER_MANIFEST_H_
#define LAMINA_SDK_LOADER_MANIFEST_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lamina::loader {

/// An operator of a framework that a layer stands for; since and until 0: no bound.
struct Binding {
  std::string framework, domain, operator_name;
  uint32_t since = 0, until = 0;
};

struct PortInfo {
  std::string name;
  uint64_t types = 0;  // bit 1 << LAMINA_F32 ..., 0: any
  uint32_t flags = 0;  // LAMINA_PORT_OPTIONAL, LAMINA_PORT_VARIADIC
};

struct AttributeInfo {
  std::string name;
  uint64_t kinds = 0;  // bit 1 << LAMINA_ATTRIBUTE_INT ...
  bool required = false;
};

struct LayerInfo {
  std::string name, doc;
  std::vector<Binding> bindings;
  std::vector<PortInfo> inputs, outputs;
  std::vector<AttributeInfo> attributes;
  std::vector<std::string> examples;
  uint32_t row_wise_rank = 0;  // as in lamina_layer
};

struct Manifest {
  enum class Kind {
    kLayers,  // made with this SDK: exports lamina_library
    kNative,  // a native OpenVINO extension: exports create_extensions
    kBoth,    // our own libcpu_extension.so: layers, and the bridge that makes a native extension of them
  };
  Kind kind = Kind::kLayers;
  std::string path;
  std::string name, version;  // empty for a native extension
  uint32_t abi_major = 0, abi_minor = 0;
  int32_t isa = 0;  // LAMINA_ISA_...: what the library needs as a whole
  std::vector<LayerInfo> layers;
  std::vector<std::string> needed;  // file names of the libraries that it is linked with
  std::string run_path;             // where it looks for them, ':' between folders; $ORIGIN is its own

  bool has_layers() const { return kind != Kind::kNative; }
  bool is_native() const { return kind != Kind::kLayers; }
};

/// Reads a library's manifest. Throws LoadError with a sentence that says what is wrong and what to do: no such file, a
/// directory, not ELF, another machine, damaged, of the 2019 engine's ABI, without an entry point.
Manifest ReadManifest(const std::string& path);

/// Throws LoadError if this host cannot load what the manifest describes: another ABI version (both are named), layers
/// whose declarations are not clear (CheckDeclarations), or an instruction set that this CPU lacks.
void CheckLoadable(const Manifest& manifest);

/// The best LAMINA_ISA_... of this CPU.
int32_t MachineIsa();
/// "SSE4.2", "AVX2", "AVX-512" or "x86-64".
const char* IsaName(int32_t isa);

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_MANIFEST_H_
