#ifndef LAMINA_SERVER_ENGINE_WARM_UP_H_
#define LAMINA_SERVER_ENGINE_WARM_UP_H_

#include "absl/status/status.h"
#include "server/engine/compiled_model.h"

namespace lamina::server {

/// Runs a model a few times on zeros, with 1 for each size that is not fixed, so that the first request does not pay
/// for what the engine puts off until then, and it is known how long an inference takes. The error, if any, is no
/// reason not to serve the model: its inputs may need other values. Models with strings or inputs of any rank are left
/// alone.
absl::Status WarmUp(CompiledModel& model);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_WARM_UP_H_
