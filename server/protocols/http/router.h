#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_ROUTER_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_ROUTER_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/protocols/http/http.h"
#include "server/protocols/http/path.h"

namespace lamina::server {

/// Finds who answers a request, by its path and method. A path that nobody knows is answered with 404, one that is
/// known for other methods with 405 and Allow. HEAD is answered as GET is; the transport leaves out the body.
/// Routes are added first; then requests come from any number of threads. What handlers get of the path stays, as the
/// request does, until the exchange is answered.
class Router {
 public:
  /// Answers at once.
  using Answer = std::function<absl::StatusOr<HttpResponse>(const HttpRequest&, const PathParameters&)>;
  /// Answers at once or later.
  using Handler = std::function<void(std::unique_ptr<HttpExchange>, PathParameters)>;

  /// A path, and who answers it by method.
  struct Resource {
    PathPattern path;
    std::vector<std::pair<std::string, Handler>> handlers;
  };

  /// REQUIRES: no route with this method and pattern is there.
  void Add(std::string_view method, std::string_view pattern, Answer answer);
  void AddHandler(std::string_view method, std::string_view pattern, Handler handler);

  /// What clients may look for and is not there: 501, with `why`. It is no resource.
  void AddAbsent(std::string_view pattern, std::string why);

  void Handle(std::unique_ptr<HttpExchange> exchange) const;

  const std::vector<Resource>& resources() const { return resources_; }

 private:
  const Resource* Find(const PathSegments& path) const;
  /// Why what a path names is not there, unless `found` is nearer to it; null: nothing is known.
  const std::string* WhyAbsent(const PathSegments& path, const Resource* found) const;

  std::vector<Resource> resources_;
  std::vector<std::pair<PathPattern, std::string>> absent_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_ROUTER_H_
