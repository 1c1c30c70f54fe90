#include "sdk/loader/manifest.h"

#include <cstddef>
#include <cstring>

#include "lamina/abi.h"
#include "sdk/loader/declarations.h"
#include "sdk/loader/elf_file.h"
#include "sdk/loader/error.h"

namespace lamina::loader {
namespace {

// Of all tables of a library together: they may point to one another's entries again and again.
constexpr uint64_t kMaxEntries = 1 << 16;
constexpr uint64_t kMaxText = 64 << 20;  // bytes

// Reads the tables of abi.h by address; the fields of a structure that is longer or shorter than ours stay where they
// are, so what an older library lacks reads as zero.
class TableReader {
 public:
  TableReader(const ElfFile& file, const std::string& path) : file_(file), path_(path) {}

  Manifest Read(uint64_t library) {
    const auto table = Structure<lamina_library_table>(library, offsetof(lamina_library_table, struct_size));
    if (std::memcmp(table.magic, LAMINA_MAGIC, sizeof(table.magic)) != 0) {
      throw LoadError("'" + path_ +
                      "' exports 'lamina_library', but not as this SDK makes it; include <lamina/layer.h>");
    }
    Manifest manifest;
    manifest.abi_major = table.abi_major;
    manifest.abi_minor = table.abi_minor;
    manifest.isa = int32_t(table.isa);
    manifest.name = Text(library + offsetof(lamina_library_table, name));
    manifest.version = Text(library + offsetof(lamina_library_table, version));
    // Another major version's tables are not ours to read.
    if (manifest.abi_major != LAMINA_ABI_MAJOR) return manifest;
    const uint64_t begin = file_.Pointer(library + offsetof(lamina_library_table, begin));
    const uint64_t end = file_.Pointer(library + offsetof(lamina_library_table, end));
    const uint64_t count = end < begin ? kMaxEntries + 1 : (end - begin) / 8;
    CheckCount(count);
    for (uint64_t i = 0; i < count; ++i) manifest.layers.push_back(ReadLayer(file_.Pointer(begin + i * 8)));
    return manifest;
  }

 private:
  // A structure as the library has it, zero beyond its end; size_at is where its struct_size stands.
  template <class T>
  T Structure(uint64_t address, size_t size_at = 0) const {
    T value = {};
    const auto size = file_.Read<uint32_t>(address + size_at);
    std::memcpy(&value, file_.Bytes(address, std::min<uint64_t>(size, sizeof(T))).data(),
                std::min<uint64_t>(size, sizeof(T)));
    return value;
  }
  std::string Text(uint64_t field) {
    const uint64_t address = file_.Pointer(field);
    std::string text = address ? file_.String(address) : "";
    text_ += text.size();
    if (text_ > kMaxText) throw LoadError("'" + path_ + "' is damaged: its texts have no end; build it again");
    return text;
  }
  void CheckCount(uint64_t count) {
    if (count > kMaxEntries - entries_) {
      throw LoadError("'" + path_ + "' is damaged: a table of it has no end; build it again");
    }
    entries_ += count;
  }

  template <class T, class Add>
  void ForEach(uint64_t field, uint32_t count, Add add) {
    CheckCount(count);
    if (count == 0) return;
    const uint64_t first = file_.Pointer(field);
    const auto step = file_.Read<uint32_t>(first);
    for (uint64_t i = 0; i < count; ++i) add(Structure<T>(first + i * step), first + i * step);
  }

  LayerInfo ReadLayer(uint64_t at) {
    const auto layer = Structure<lamina_layer>(at);
    LayerInfo info;
    info.name = Text(at + offsetof(lamina_layer, name));
    info.doc = Text(at + offsetof(lamina_layer, doc));
    info.row_wise_rank = layer.row_wise_rank;
    ForEach<lamina_binding>(at + offsetof(lamina_layer, bindings), layer.binding_count, [&](const auto& b, uint64_t p) {
      info.bindings.push_back({Text(p + offsetof(lamina_binding, framework)),
                               Text(p + offsetof(lamina_binding, domain)),
                               Text(p + offsetof(lamina_binding, operator_name)), b.since, b.until});
    });
    const auto add_port = [&](std::vector<PortInfo>& to) {
      return [&to, this](const lamina_port& port, uint64_t p) {
        to.push_back({Text(p + offsetof(lamina_port, name)), port.types, port.flags});
      };
    };
    ForEach<lamina_port>(at + offsetof(lamina_layer, inputs), layer.input_count, add_port(info.inputs));
    ForEach<lamina_port>(at + offsetof(lamina_layer, outputs), layer.output_count, add_port(info.outputs));
    ForEach<lamina_attribute_declaration>(
        at + offsetof(lamina_layer, attributes), layer.attribute_count, [&](const auto& a, uint64_t p) {
          info.attributes.push_back({Text(p + offsetof(lamina_attribute_declaration, name)), a.kinds,
                                     (a.flags & LAMINA_ATTRIBUTE_REQUIRED) != 0});
        });
    CheckCount(layer.example_count);
    for (uint64_t i = 0; i < layer.example_count; ++i) {
      info.examples.push_back(Text(file_.Pointer(at + offsetof(lamina_layer, examples)) + 8 * i));
    }
    return info;
  }

  const ElfFile& file_;
  const std::string& path_;
  uint64_t entries_ = 0, text_ = 0;  // read so far
};

// The 2019 engine's libraries export C functions named so, among C++ ones of its namespace.
bool IsOf2019(const ElfFile& file) {
  return file.FindSymbol("CreateExtension") || file.FindSymbol("CreateShapeInferExtension") ||
         file.NamesSymbol("InferenceEngine");
}

}  // namespace

Manifest ReadManifest(const std::string& path) {
  const ElfFile file(path);
  const auto library = file.FindSymbol("lamina_library");
  const bool native = file.FindSymbol("create_extensions").has_value();
  if (!library && !native) {
    if (IsOf2019(file)) {
      throw LoadError(
          "'" + path +
          "' was built for the 2019 engine (it exports CreateExtension), whose ABI no longer exists; port its "
          "layers to <lamina/layer.h> and compile them again (docs/sdk.md)");
    }
    throw LoadError("'" + path +
                    "' has no entry point: it exports neither 'lamina_library' (made with <lamina/layer.h>) nor "
                    "'create_extensions' (a native OpenVINO extension); is it the right file?");
  }
  Manifest manifest;
  if (library) manifest = TableReader(file, path).Read(*library);
  manifest.kind = library ? native ? Manifest::Kind::kBoth : Manifest::Kind::kLayers : Manifest::Kind::kNative;
  manifest.path = path;
  manifest.needed = file.needed();
  manifest.run_path = file.run_path();
  manifest.isa = std::max(manifest.isa, int32_t(file.isa_level() - 1));
  return manifest;
}

void CheckLoadable(const Manifest& manifest) {
  const std::string ours = std::to_string(LAMINA_ABI_MAJOR) + "." + std::to_string(LAMINA_ABI_MINOR);
  if (manifest.has_layers() && (manifest.abi_major != LAMINA_ABI_MAJOR || manifest.abi_minor > LAMINA_ABI_MINOR)) {
    const bool newer = manifest.abi_major > LAMINA_ABI_MAJOR ||
                       (manifest.abi_major == LAMINA_ABI_MAJOR && manifest.abi_minor > LAMINA_ABI_MINOR);
    throw LoadError("'" + manifest.path + "' speaks version " + std::to_string(manifest.abi_major) + "." +
                    std::to_string(manifest.abi_minor) + " of the layer ABI, this host speaks " + ours + "; " +
                    (newer ? "use a newer Lamina" : "compile it again with this SDK"));
  }
  const std::string unclear = CheckDeclarations(manifest.layers);
  if (!unclear.empty()) throw LoadError("'" + manifest.path + "': " + unclear);
  if (manifest.isa > MachineIsa()) {
    throw LoadError("'" + manifest.path + "' needs a CPU with " + IsaName(manifest.isa) + ", this one has " +
                    IsaName(MachineIsa()) +
                    "; use a library built for it, or the default one, which chooses at run time");
  }
}

int32_t MachineIsa() {
  __builtin_cpu_init();
  const bool v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
  const bool v3 =
      v2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  return v4 ? LAMINA_ISA_AVX512 : v3 ? LAMINA_ISA_AVX2 : v2 ? LAMINA_ISA_SSE42 : LAMINA_ISA_BASE;
}

const char* IsaName(int32_t isa) {
  switch (isa) {
    case LAMINA_ISA_SSE42: return "SSE4.2";
    case LAMINA_ISA_AVX2: return "AVX2";
    case LAMINA_ISA_AVX512: return "AVX-512";
    default: return "x86-64";
  }
}

}  // namespace lamina::loader
