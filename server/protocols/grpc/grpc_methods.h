#ifndef LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_METHODS_H_
#define LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_METHODS_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/protocols/grpc/grpc.h"

namespace lamina::server {

/// The methods that are served, by full name. Filled once, then read from any thread.
class GrpcMethods {
 public:
  using Handler = std::variant<GrpcUnaryHandler, GrpcStreamHandler>;

  /// `service` is `package.Service`. REQUIRES: the method is not there yet.
  void Add(const std::string& service, const std::string& method, Handler handler) {
    if (services_.empty() || services_.back() != service) services_.push_back(service);
    handlers_["/" + service + "/" + method] = std::move(handler);
  }

  /// By the path of a call, `/package.Service/Method`; nullptr when there is no such method.
  const Handler* Find(std::string_view path) const {
    const auto found = handlers_.find(path);
    return found == handlers_.end() ? nullptr : &found->second;
  }

  /// In the order in which they were added.
  const std::vector<std::string>& services() const { return services_; }

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
  std::vector<std::string> services_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_GRPC_GRPC_METHODS_H_
