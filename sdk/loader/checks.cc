#include "sdk/loader/checks.h"

#include "lamina/types.h"
#include "sdk/loader/table.h"

namespace lamina::loader {
namespace {

std::string Quoted(const char* name) { return "'" + std::string(name) + "'"; }

bool IsVariadic(const lamina_port& port) { return port.flags & LAMINA_PORT_VARIADIC; }

}  // namespace

std::string TypeNames(uint64_t types) {
  if (types == 0) return "any type";
  std::string names;
  for (int32_t type = 0; type <= LAMINA_F8E8M0; ++type) {
    if (types >> type & 1) names += (names.empty() ? "" : " or ") + std::string(TypeName(type));
  }
  return names;
}

const char* KindName(int32_t kind) {
  constexpr const char* kNames[] = {"nothing", "int",            "float",  "string",         "list of ints",
                                    "list of floats", "list of strings", "tensor", "list of tensors"};
  return kind >= 0 && kind <= LAMINA_ATTRIBUTE_TENSORS ? kNames[kind] : "unknown kind";
}

std::string CheckAttributes(const lamina_layer& layer, std::span<const lamina_attribute* const> attributes) {
  for (const auto& declared : Attributes(layer)) {
    const lamina_attribute* given = nullptr;
    for (const auto* attribute : attributes) {
      if (std::string_view(attribute->name) != declared.name) continue;
      // A layer takes every one that it finds: the second would come unchecked.
      if (given) return "attribute " + Quoted(declared.name) + " is there twice, expected it once";
      given = attribute;
    }
    if (!given) {
      if (declared.flags & LAMINA_ATTRIBUTE_REQUIRED) return "attribute " + Quoted(declared.name) + " is missing";
      continue;
    }
    if (declared.kinds >> given->kind & 1) continue;
    std::string expected;
    for (int32_t kind = 1; kind <= LAMINA_ATTRIBUTE_TENSORS; ++kind) {
      if (declared.kinds >> kind & 1) expected += (expected.empty() ? "" : " or ") + std::string(KindName(kind));
    }
    return "attribute " + Quoted(declared.name) + " is of kind " + KindName(given->kind) + ", expected " + expected;
  }
  return "";
}

std::string CheckInputs(const lamina_layer& layer, std::span<const lamina_tensor* const> inputs) {
  const auto ports = Inputs(layer);
  const bool variadic = ports.size() > 0 && IsVariadic(ports[ports.size() - 1]);
  if (inputs.size() > ports.size() && !variadic) {
    return "it has " + std::to_string(inputs.size()) + " inputs, expected at most " + std::to_string(ports.size());
  }
  for (size_t i = 0; i < std::max(ports.size(), inputs.size()); ++i) {
    const lamina_port& port = ports[std::min(i, ports.size() - 1)];
    if (i >= inputs.size() || !inputs[i]) {
      // A variadic port may have no tensors, but each that it has is there.
      const uint32_t may_lack = i >= inputs.size() ? LAMINA_PORT_OPTIONAL | LAMINA_PORT_VARIADIC : LAMINA_PORT_OPTIONAL;
      if (port.flags & may_lack) continue;
      return "input " + std::to_string(i) + " " + Quoted(port.name) + " is missing";
    }
    const int32_t type = inputs[i]->type;
    if (port.types == 0 || type == LAMINA_DYNAMIC || (port.types >> type & 1)) continue;
    return "input " + std::to_string(i) + " " + Quoted(port.name) + " is " + TypeName(type) + ", expected " +
           TypeNames(port.types);
  }
  return "";
}

size_t MaxOutputs(const lamina_layer& layer) {
  const auto ports = Outputs(layer);
  return ports.size() > 0 && IsVariadic(ports[ports.size() - 1]) ? SIZE_MAX : ports.size();
}

}  // namespace lamina::loader
