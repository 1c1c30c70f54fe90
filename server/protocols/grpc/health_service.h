#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_HEALTH_SERVICE_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_HEALTH_SERVICE_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/protocols/grpc/grpc_methods.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// `grpc.health.v1.Health`: whether the server and each of its services serve. Thread-safe.
class HealthService {
 public:
  /// The names, besides "", that clients may ask for. None of them serves at first.
  explicit HealthService(const std::vector<std::string>& services);

  /// Adds its methods. This must outlive their calls.
  void AddTo(GrpcMethods& methods);

  /// Says it for all of them, and tells those who watch.
  void SetServing(bool serving);

 private:
  class Watch;

  /// 0: nobody knows the service. Otherwise the protocol's number.
  int StatusOf(const std::string& service) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Add(Watch& watch);
  void Remove(Watch& watch);

  const std::set<std::string> services_;
  Mutex mutex_;
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<Watch*> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_HEALTH_SERVICE_H_
