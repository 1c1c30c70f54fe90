#ifndef LAMINA_CLI_COMMANDS_H_
#define LAMINA_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>

namespace lamina::cli {

// Each adds one sub-command to `app`. Parsing a line that names it runs it, and sets `exit_code`, which must outlive
// `app`.

/// Starts the server.
void AddServe(CLI::App& app, int& exit_code);
/// Loads a model as the server would, and says what it lacks.
void AddCheck(CLI::App& app, int& exit_code);
/// Rewrites an ONNX model so that stock OpenVINO, with the extension, reads it.
void AddPrepare(CLI::App& app, int& exit_code);
/// Says what a library holds, without loading it.
void AddInspect(CLI::App& app, int& exit_code);
/// Loads libraries and runs their layers' examples.
void AddProve(CLI::App& app, int& exit_code);
/// Lists the operators that libraries bring.
void AddLayers(CLI::App& app, int& exit_code);

/// The words of the server of 2019, `ie_serving model` and `ie_serving config`, with its flags and defaults.
void AddOldWords(CLI::App& app, int& exit_code);

}  // namespace lamina::cli

#endif  // LAMINA_CLI_COMMANDS_H_
