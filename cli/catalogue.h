#ifndef LAMINA_CLI_CATALOGUE_H_
#define LAMINA_CLI_CATALOGUE_H_

#include <string>

#include "sdk/loader/manifest.h"

namespace lamina::cli {

/// What a library's manifest says of its layers, as Markdown: a table of all, then a section for each.
std::string Catalogue(const loader::Manifest& manifest);

}  // namespace lamina::cli

#endif  // LAMINA_CLI_CATALOGUE_H_
