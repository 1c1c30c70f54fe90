#include "server/protocols/http/router.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/protocols/http/http_status.h"

namespace lamina::server {
namespace {

HttpResponse NotAllowed(const HttpRequest& request, const Router::Resource& resource) {
  std::vector<std::string> methods;
  for (const auto& [method, handler] : resource.handlers) methods.push_back(method);
  if (std::find(methods.begin(), methods.end(), "GET") != methods.end()) methods.push_back("HEAD");
  const std::string allowed = absl::StrJoin(methods, ", ");
  HttpResponse response = ErrorResponse(405, absl::StrCat(std::string(request.method), " is not possible for ",
                                                          std::string(request.path), "; use ", allowed));
  response.headers.emplace_back("allow", allowed);
  return response;
}

}  // namespace

void Router::AddHandler(std::string_view method, std::string_view pattern, Handler handler) {
  auto resource = std::find_if(resources_.begin(), resources_.end(),
                               [&](const Resource& known) { return known.path.text() == pattern; });
  if (resource == resources_.end()) resource = resources_.insert(resource, Resource{PathPattern(pattern), {}});
  resource->handlers.emplace_back(method, std::move(handler));
}

void Router::Add(std::string_view method, std::string_view pattern, Answer answer) {
  AddHandler(method, pattern,
             [answer = std::move(answer)](std::unique_ptr<HttpExchange> exchange, const PathParameters& parameters) {
               exchange->Respond(ResponseOrError(answer(exchange->request(), parameters)));
             });
}

/// The one with the most specific pattern that the path has.
const Router::Resource* Router::Find(const PathSegments& path) const {
  const Resource* found = nullptr;
  for (const Resource& resource : resources_) {
    if (!resource.path.Matches(path)) continue;
    if (found == nullptr || resource.path.IsMoreSpecificThan(found->path)) found = &resource;
  }
  return found;
}

void Router::AddAbsent(std::string_view pattern, std::string why) {
  absent_.emplace_back(PathPattern(pattern), std::move(why));
}

const std::string* Router::WhyAbsent(const PathSegments& path, const Resource* found) const {
  for (const auto& [pattern, why] : absent_) {
    if (pattern.Matches(path) && (found == nullptr || pattern.IsMoreSpecificThan(found->path))) return &why;
  }
  return nullptr;
}

void Router::Handle(std::unique_ptr<HttpExchange> exchange) const {
  const HttpRequest& request = exchange->request();
  const std::optional<PathSegments> path = SplitPath(request.path);
  if (!path) {
    return exchange->Respond(ErrorResponse(
        400, absl::StrCat("the path ", std::string(request.path),
                          " is none: it begins with / and has two hexadecimal digits behind every %; write % as %25")));
  }
  const Resource* resource = Find(*path);
  if (const std::string* why = WhyAbsent(*path, resource)) return exchange->Respond(ErrorResponse(501, *why));
  if (resource == nullptr) {
    return exchange->Respond(ErrorResponse(404, absl::StrCat("there is nothing at ", std::string(request.path),
                                                             "; GET /openapi.json says what there is")));
  }
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  for (const auto& [handled, handler] : resource->handlers) {
    if (handled == method) return handler(std::move(exchange), resource->path.Parameters(*path));
  }
  exchange->Respond(NotAllowed(request, *resource));
}

}  // namespace lamina::server
