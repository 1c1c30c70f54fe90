#include "prepare/unknown_attributes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "prepare/letter_distance.h"

namespace lamina::prepare {
namespace {

/// What a prepared model says to a layer besides the node's own attributes.
constexpr std::string_view kOurs = "lamina_";

/// "did you mean 'limit'?", or what there is.
std::string Hint(std::string_view name, const std::vector<std::string>& known) {
  if (known.empty()) return "it has none";
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return LetterDistance(name, a) < LetterDistance(name, b);
  });
  if (LetterDistance(name, *nearest) <= std::max<size_t>(1, name.size() / 3))
    return absl::StrCat("did you mean '", *nearest, "'?");
  return absl::StrCat("it has: ", absl::StrJoin(known, ", "));
}

}  // namespace

absl::Status CheckAttributes(const Context& context, const onnx::Node& node) {
  const std::string_view domain = NormalDomain(node.domain());
  if (node.attribute().empty() || domain == kRedirectDomain) return absl::OkStatus();
  const std::optional<std::vector<std::string>> known =
      context.layers.Attributes(domain, node.op_type(), context.ImportedVersion(domain));
  if (!known) return absl::OkStatus();
  for (const onnx::Attribute& attribute : node.attribute()) {
    const std::string& name = attribute.name();
    if (name.starts_with(kOurs) || std::find(known->begin(), known->end(), name) != known->end()) continue;
    return absl::InvalidArgumentError(absl::StrCat(Describe(node), " has an attribute '", name,
                                                   "' that its layer does not have; ", Hint(name, *known)));
  }
  return absl::OkStatus();
}

}  // namespace lamina::prepare
