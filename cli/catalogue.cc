#include "cli/catalogue.h"

#include <vector>

#include "cli/libraries.h"
#include "lamina/abi.h"
#include "sdk/loader/checks.h"
#include "sdk/loader/declarations.h"

namespace lamina::cli {
namespace {

std::string Code(const std::string& text) { return "`" + text + "`"; }

// A '|' would end the cell.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

std::string OperatorNames(const loader::LayerInfo& layer) {
  std::string names;
  for (const loader::Binding& binding : layer.bindings)
    names += (names.empty() ? "" : ", ") + Code(loader::BindingText(binding));
  return names.empty() ? "by its own name" : names;
}

std::string Ports(const char* title, const std::vector<loader::PortInfo>& ports) {
  std::string text;
  for (const loader::PortInfo& port : ports) {
    text += std::string("- ") + title + " " + Code(port.name) + ": " + loader::TypeNames(port.types);
    if (port.flags & LAMINA_PORT_OPTIONAL) text += "; optional";
    if (port.flags & LAMINA_PORT_VARIADIC) text += "; any number of them";
    text += "\n";
  }
  return text;
}

std::string Attributes(const std::vector<loader::AttributeInfo>& attributes) {
  std::string text;
  for (const loader::AttributeInfo& attribute : attributes) {
    text += text.empty() ? "- attributes " : ", ";
    text += Code(attribute.name) + " (" + KindNames(attribute.kinds) + (attribute.required ? ", required)" : ")");
  }
  return text.empty() ? text : text + "\n";
}

std::string Section(const loader::LayerInfo& layer) {
  std::string text = "\n### " + layer.name + "\n" + layer.doc + "\n\n- for " + OperatorNames(layer) + "\n";
  text += Ports("input", layer.inputs) + Attributes(layer.attributes) + Ports("output", layer.outputs);
  if (layer.row_wise_rank > 0) text += "- row by row: rows of several requests may make one batch\n";
  for (const std::string& example : layer.examples) text += "\n      " + example + "\n";
  return text;
}

}  // namespace

std::string Catalogue(const loader::Manifest& manifest) {
  std::string text = "## " + manifest.name + " " + manifest.version + ": " + std::to_string(manifest.layers.size()) +
                     " layers\n\n| layer | for | what it does |\n|---|---|---|\n";
  for (const loader::LayerInfo& layer : manifest.layers) {
    text += "| " + layer.name + " | " + OperatorNames(layer) + " | " + Cell(layer.doc) + " |\n";
  }
  for (const loader::LayerInfo& layer : manifest.layers) text += Section(layer);
  return text;
}

}  // namespace lamina::cli
