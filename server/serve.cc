#include "server/serve.h"

#include <pthread.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "server/cache_folder.h"
#include "server/engine/load_model.h"
#include "server/engine/try_extension.h"
#include "server/extensions/extension_store.h"
#include "server/last_words.h"
#include "server/load_guards.h"
#include "server/logging.h"
#include "server/models/model_core.h"
#include "server/protocols/grpc/grpc_methods.h"
#include "server/protocols/grpc/health_service.h"
#include "server/protocols/grpc/reflection_service.h"
#include "server/protocols/kserve/grpc_service.h"
#include "server/protocols/rest/operation_routes.h"
#include "server/protocols/rest/rest_handler.h"
#include "server/protocols/tfserving/grpc_service.h"
#include "server/threads/file_watch.h"
#include "server/threads/timer.h"
#include "server/transport/file_descriptor.h"
#include "server/transport/transport_server.h"

namespace lamina::server {
namespace {

// What Kubernetes gives a container by default before it kills it.
constexpr auto kDrainPatience = std::chrono::seconds(30);
// What an inference or a load that was begun may still take then.
constexpr auto kEndPatience = std::chrono::seconds(10);
// For whoever reads the log.
constexpr auto kLogPatience = std::chrono::seconds(1);

/// Ends the process, though a layer should never return, unless this goes before. Used by one thread.
class LastResort {
 public:
  void Within(std::chrono::seconds patience) {
    if (!timer_) timer_.emplace();
    timer_->At(Timer::Clock::now() + patience, [] {
      spdlog::warn(
          "what is not done in time is left behind: a load or an inference that still runs (see which layer does not "
          "return), or the unloading of many models");
      EndLogging(kLogPatience);
      _exit(0);
    });
  }

 private:
  std::optional<Timer> timer_;
};

/// SIGTERM, SIGINT and SIGHUP, held back from every thread and waited for by one.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    if (!IsIgnored(SIGHUP)) sigaddset(&signals_, SIGHUP);  // by nohup
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    signal(SIGPIPE, SIG_IGN);
    descriptor_ = FileDescriptor(signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  /// Can be read once one has come; reading is for Wait and Came.
  int descriptor() const { return descriptor_.get(); }

  const char* Wait() const {
    int number = 0;
    while (sigwait(&signals_, &number) != 0) {
    }
    return number == SIGTERM ? "SIGTERM" : number == SIGINT ? "SIGINT" : "SIGHUP";
  }

  bool Came(std::chrono::nanoseconds within) const {
    const timespec time{0, within.count()};
    return sigtimedwait(&signals_, nullptr, &time) > 0;
  }

 private:
  static bool IsIgnored(int number) {
    struct sigaction action = {};
    return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
  }

  sigset_t signals_;
  FileDescriptor descriptor_;
};

/// REQUIRES: a year at most. Less than none is none.
std::chrono::steady_clock::duration Seconds(double seconds) {
  const std::chrono::duration<double> wide(std::max(seconds, 0.0));
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(wide);
}

/// The folder for compiled models; none if it is not to be had.
std::string CacheFolder(const ModelsConfig& config) {
  if (config.cache_dir.empty()) return "";
  const absl::Status status = PrepareCacheFolder(config.cache_dir);
  if (status.ok()) return config.cache_dir;
  spdlog::warn("{}", std::string(status.message()));
  return "";
}

ModelCore::Options CoreOptions(const ServerConfig& config, const ExtensionStore& extensions, Timer& timer) {
  ModelCore::Options options;
  options.poll_interval = Seconds(config.models.poll_interval_s);
  options.config_path = config.config_path;
  options.defaults = config.model_defaults;
  options.load = [&config, cache_dir = CacheFolder(config.models), &extensions, &timer](
                     const ModelConfig& model, int64_t version, const std::string& path) {
    return LoadModel({.config = model,
                      .version = version,
                      .path = path,
                      .extensions = extensions.For(model),
                      .cache_dir = cache_dir,
                      .queue_timeout = Seconds(config.models.queue_timeout_s)},
                     timer);
  };
  return options;
}

/// The services of all protocols.
GrpcMethods MakeGrpcMethods(Core& core) {
  GrpcMethods methods;
  AddKserveMethods(core, methods);
  AddTfServingMethods(core, methods);
  return methods;
}

std::string ServedModels(const Core& core) {
  std::vector<std::string> names = core.Models();
  std::erase_if(names, [&](const std::string& name) { return !core.ModelReady(name, {}).ok(); });
  return absl::StrJoin(names, ", ");
}

/// "port 9000", as the server of 2019 said it, or the unix sockets of a side that has no port.
std::string Place(const Listeners& listeners, Listeners::Side side) {
  if (const int port = listeners.port(side); port != 0) return "port " + std::to_string(port);
  return absl::StrJoin(listeners.Texts(side), ", ");
}

void SayWhereItListens(const Listeners& listeners, const std::string& models) {
  using Side = Listeners::Side;
  std::vector<std::string> all = listeners.Texts(Side::kGrpc), rest = listeners.Texts(Side::kRest);
  all.insert(all.end(), rest.begin(), rest.end());
  spdlog::info("gRPC and REST are spoken on {}", absl::StrJoin(all, ", "));
  if (!rest.empty()) spdlog::info("REST server listens on {}", Place(listeners, Side::kRest));
  spdlog::info("gRPC server listens on {} and will be serving models: {}", Place(listeners, Side::kGrpc), models);
}

int Run(const ServerConfig& config, Listeners listeners, Guards guards, const StopSignals& signals, ModelCore& core,
        LastResort& last_resort) {
  GrpcMethods methods = MakeGrpcMethods(core);
  HealthService health(methods.services());
  health.AddTo(methods);
  AddReflectionMethods(methods);
  const auto server = TransportServer::Start(config.transport, std::move(listeners), std::move(methods),
                                             MakeRestHandler(core, OperationRoutes(core)), std::move(guards));
  if (!server.ok()) {
    spdlog::critical("{}", std::string(server.status().message()));
    return 1;
  }
  while (!core.FirstLoadsDone()) {
    if (!signals.Came(std::chrono::milliseconds(5))) continue;
    last_resort.Within(kEndPatience);
    spdlog::info("stopped while models were loading");
    return 0;
  }
  if (core.StartFailed()) {
    spdlog::critical("Could not access any of provided models. Server will exit now.");
    return 1;
  }
  health.SetServing(true);
  SayWhereItListens((*server)->listeners(), ServedModels(core));
  const char* const signal = signals.Wait();
  last_resort.Within(kDrainPatience + kEndPatience);
  spdlog::info("{}: draining requests", signal);
  core.BeginShutdown();
  health.SetServing(false);
  (*server)->Drain(kDrainPatience);
  last_resort.Within(kEndPatience);
  spdlog::info("stopped");
  return 0;
}

int RunServer(const ServerConfig& config) {
  // First of all, as every thread inherits what is held back.
  const StopSignals signals;
  if (const absl::Status logging = StartLogging(config.log); !logging.ok())
    spdlog::warn("{}", std::string(logging.message()));
  for (const std::string& problem : config.problems) spdlog::error("{}", problem);
  for (const std::string& warning : config.warnings) spdlog::warn("{}", warning);
  LastResort last_resort;  // until all that follows has gone
  FileWatch watch(Seconds(config.models.poll_interval_s));
  absl::StatusOr<Guards> guards = LoadGuards(config.transport, watch);
  absl::StatusOr<Listeners> listeners = Listeners::Bind(config.transport);
  for (const absl::Status& status : {guards.status(), listeners.status()}) {
    if (!status.ok()) spdlog::critical("{}", std::string(status.message()));
  }
  if (!guards.ok() || !listeners.ok()) return 1;
  WarnOfOpenTokens(*guards, *listeners);
  const TryLibrary try_library = [&](const ExtensionLibrary& library, const std::string& bridge) {
    return TryExtension(library, bridge, signals.descriptor());
  };
  const ExtensionStore extensions(config.extensions, config.model_list, try_library);  // forks: no thread before it
  if (signals.Came(std::chrono::nanoseconds(0))) {
    spdlog::info("stopped while libraries were tried");
    return 0;
  }
  LeaveLastWords(extensions.Libraries(), config.log.path);
  LogInBackground();
  watch.Start();
  Timer timer;
  ModelCore core(config.model_list, CoreOptions(config, extensions, timer));
  return Run(config, *std::move(listeners), *std::move(guards), signals, core, last_resort);
}

}  // namespace

int Serve(const ServerConfig& config) {
  const int exit_code = RunServer(config);
  if (!EndLogging(kLogPatience)) _exit(exit_code);
  // The engine and layers' libraries have an end of their own to come. Detached: nobody is left to wait for it.
  std::thread([exit_code] {
    std::this_thread::sleep_for(kEndPatience);
    _exit(exit_code);
  }).detach();
  return exit_code;
}

}  // namespace lamina::server
