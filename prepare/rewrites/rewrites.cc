#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

// Functions first, as every other rewrite has to see what is in them; layers last, as only then is it known which nodes
// go to them.
// clang-format off
constexpr Rewrite kRewrites[] = {
    RewriteKnnImputer,
    InlineFunctions,
    RewriteStringConstants,
    RewriteEmptyStrings,
    RewriteZipMap,
    RewriteSequenceOutputs,
    RewriteMapInputs,
    RemoveIdentities,
    RewriteNormalizerMax,
    RewriteRecurrentLayout,
    RewriteReduceThenChannels,
    RewriteSpaceToDepth,
    RewriteTwoBiases,
    RedirectKnownWrong,
    KeepNarrowCasts,
    KeepSixtyFourBits,
    RemoveIdentities,  // again: more nodes go to layers now
    TellLayers,
};
// clang-format on

}  // namespace

std::span<const Rewrite> Rewrites() { return kRewrites; }

}  // namespace lamina::prepare
