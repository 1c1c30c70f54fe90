// The program under both of its names: `lamina`, and `ie_serving` for those who come from the server of 2019.

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "server/config/near_name.h"

namespace {

constexpr int kUsageError = 2;

/// Of standard input, output and error, those that whoever started this has closed: or else a socket would get the
/// number, and what is printed.
void OpenStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);  // the lowest number that is free
  }
}

/// The flags that were probably meant by those that `app` or its sub-command does not know, a line each.
void SayNearFlags(const CLI::App& app) {
  const CLI::App& command = app.get_subcommands().empty() ? app : *app.get_subcommands().front();
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) names.push_back(option->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const std::string& word : app.remaining(true)) {
    const std::string flag = word.substr(0, word.find('='));
    const std::string_view near = lamina::server::NearName(flag, known);
    if (flag.starts_with("--") && near.starts_with("--"))
      std::fprintf(stderr, "%s: did you mean %s?\n", flag.c_str(), std::string(near).c_str());
  }
}

/// The sub-command that was probably meant by the first word.
void SayNearCommand(const CLI::App& app) {
  std::vector<std::string_view> known;
  for (const CLI::App* command : app.get_subcommands(nullptr)) known.emplace_back(command->get_name());
  const std::vector<std::string> words = app.remaining(true);
  if (words.empty() || words.front().starts_with("-")) return;
  const std::string_view near = lamina::server::NearName(words.front(), known);
  if (!near.empty()) std::fprintf(stderr, "%s: did you mean %s?\n", words.front().c_str(), std::string(near).c_str());
}

/// What CLI11's own words leave open.
void SayMore(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return;
  SayNearFlags(app);
  if (!app.get_subcommands().empty()) return;
  SayNearCommand(app);
  std::fputs("Commands:", stderr);
  for (const CLI::App* command : app.get_subcommands(nullptr)) std::fprintf(stderr, " %s", command->get_name().c_str());
  std::fputs("\n", stderr);
}

int Run(int argc, char** argv) {
  using namespace lamina::cli;
  const bool old_name = argc > 0 && std::filesystem::path(argv[0]).filename() == "ie_serving";
  int exit_code = EXIT_SUCCESS;
  CLI::App app(old_name ? "Serve models: the words of OpenVINO's first model server, answered by Lamina"
                        : "Lamina: layers that OpenVINO lacks, and a model server that has them");
  app.name(old_name ? "ie_serving" : "lamina");
  app.set_version_flag("--version", "lamina " LAMINA_VERSION, "Print the version and stop");
  if (old_name) {
    AddOldWords(app, exit_code);
  } else {
    AddServe(app, exit_code);
    AddCheck(app, exit_code);
    AddPrepare(app, exit_code);
    AddInspect(app, exit_code);
    AddLayers(app, exit_code);
    AddProve(app, exit_code);
    app.footer(
        "Examples:\n"
        "  lamina serve --model_name churn --model_path /models/churn --port 9000\n"
        "  lamina layers\n"
        "  lamina prepare churn.onnx churn_prepared.onnx\n"
        "More on each: lamina serve --help");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) == EXIT_SUCCESS) return EXIT_SUCCESS;
    SayMore(app, error);
    return kUsageError;
  }
  if (app.get_subcommands().empty()) {
    std::fputs(app.help().c_str(), stderr);
    return kUsageError;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  OpenStandardStreams();
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {  // what no sub-command has a sentence for: no memory, no access to a folder
    std::fprintf(stderr, "error: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
