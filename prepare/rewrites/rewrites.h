// Every rewrite: one file beside this one, one line in the list in rewrites.cc.
#ifndef LAMINA_PREPARE_REWRITES_REWRITES_H_
#define LAMINA_PREPARE_REWRITES_REWRITES_H_

#include <span>

#include "absl/status/status.h"
#include "prepare/context.h"

namespace lamina::prepare {

/// Rewrites what it is there for and leaves the rest of the model alone. It fails only for a node that has no right
/// form, with a message that names the node.
using Rewrite = absl::Status (*)(Context& context);

/// In the order in which they are to run.
std::span<const Rewrite> Rewrites();

absl::Status RewriteKnnImputer(Context& context);
absl::Status InlineFunctions(Context& context);
absl::Status RewriteStringConstants(Context& context);
absl::Status RewriteEmptyStrings(Context& context);
absl::Status RewriteZipMap(Context& context);
absl::Status RewriteSequenceOutputs(Context& context);
absl::Status RewriteMapInputs(Context& context);
absl::Status RemoveIdentities(Context& context);
absl::Status RewriteNormalizerMax(Context& context);
absl::Status RewriteRecurrentLayout(Context& context);
absl::Status RewriteReduceThenChannels(Context& context);
absl::Status RewriteSpaceToDepth(Context& context);
absl::Status RewriteTwoBiases(Context& context);
absl::Status RedirectKnownWrong(Context& context);
absl::Status KeepNarrowCasts(Context& context);
absl::Status KeepSixtyFourBits(Context& context);
absl::Status TellLayers(Context& context);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_REWRITES_REWRITES_H_
