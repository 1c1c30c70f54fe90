#include "server/protocols/http/router.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/protocols/http/http_status.h"

namespace lamina::server {
namespace {

bool Serves(const Router::Route& route, std::string_view method) {
  return route.method == method || (method == "HEAD" && route.method == "GET");
}

HttpResponse NotAllowed(const HttpRequest& request, std::vector<std::string> methods) {
  if (std::find(methods.begin(), methods.end(), "GET") != methods.end()) methods.push_back("HEAD");
  const std::string allowed = absl::StrJoin(methods, ", ");
  HttpResponse response = ErrorResponse(405, absl::StrCat(std::string(request.method), " is not possible for ",
                                                          std::string(request.path), "; use ", allowed));
  response.headers.emplace_back("allow", allowed);
  return response;
}

}  // namespace

void Router::AddHandler(std::string_view method, std::string_view pattern, Handler handler) {
  routes_.push_back(Route{std::string(method), PathPattern(pattern), std::move(handler)});
}

void Router::Add(std::string_view method, std::string_view pattern, Answer answer) {
  AddHandler(method, pattern,
             [answer = std::move(answer)](std::unique_ptr<HttpExchange> exchange, const PathParameters& parameters) {
               exchange->Respond(ResponseOrError(answer(exchange->request(), parameters)));
             });
}

/// The most specific pattern that the path has, whatever the method.
const PathPattern* Router::FindPattern(const std::vector<std::string>& path) const {
  const PathPattern* found = nullptr;
  for (const Route& route : routes_) {
    if (route.path.Matches(path) && (found == nullptr || route.path.IsMoreSpecificThan(*found))) found = &route.path;
  }
  return found;
}

void Router::Handle(std::unique_ptr<HttpExchange> exchange) const {
  const HttpRequest& request = exchange->request();
  const std::optional<std::vector<std::string>> path = SplitPath(request.path);
  if (!path) {
    return exchange->Respond(ErrorResponse(
        400, absl::StrCat("the path ", std::string(request.path),
                          " is none: it begins with / and has two hexadecimal digits behind every %; write % as %25")));
  }
  const PathPattern* pattern = FindPattern(*path);
  if (pattern == nullptr) {
    return exchange->Respond(ErrorResponse(404, absl::StrCat("there is nothing at ", std::string(request.path),
                                                             "; GET /openapi.json says what there is")));
  }
  std::vector<std::string> methods;
  for (const Route& route : routes_) {
    if (route.path.text() != pattern->text()) continue;
    if (Serves(route, request.method)) return route.handler(std::move(exchange), pattern->Parameters(*path));
    methods.push_back(route.method);
  }
  exchange->Respond(NotAllowed(request, std::move(methods)));
}

}  // namespace lamina::server
