#include "server/protocols/rest/rest_handler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "server/protocols/kserve/rest_binary.h"
#include "server/protocols/kserve/rest_routes.h"
#include "server/protocols/kserve/shared_memory_routes.h"
#include "server/protocols/tfserving/rest_routes.h"

namespace lamina::server {
namespace {

// Text that takes a millisecond to read: not on the transport's threads, which have others to serve meanwhile.
constexpr size_t kMuchText = size_t{256} << 10;

size_t TextBytes(const HttpRequest& request) {
  const std::string_view body = request.text();
  if (body.size() < kMuchText) return body.size();
  const auto split = SplitRestBody(body, request.Header(kJsonSizeHeader));
  return split.ok() ? split->json.size() : 0;
}

void Handle(const Router& router, std::unique_ptr<HttpExchange> exchange) {
  try {
    router.Handle(std::move(exchange));
  } catch (const std::exception& error) {  // mostly of memory
    // The exchange is gone, which answered it; the thread has others to serve.
    spdlog::error("a request was given up: {}", error.what());
  }
}

}  // namespace

Router MakeRestRouter(Core& core, const std::vector<AddRoutes>& more) {
  Router router;
  AddKserveRoutes(core, router);
  AddKserveSharedMemoryRoutes(core, router);
  AddTfServingRoutes(core, router);
  router.Add("GET", "/openapi.json", [](const HttpRequest&, const PathParameters&) {
    HttpResponse response{.content_type = "application/json"};
    response.body.emplace_back(OpenApiDocument());
    return response;
  });
  for (const AddRoutes& add : more) add(router);
  return router;
}

HttpHandler MakeRestHandler(Core& core, const std::vector<AddRoutes>& more) {
  const auto router = std::make_shared<const Router>(MakeRestRouter(core, more));
  const auto readers = std::make_shared<boost::asio::thread_pool>(std::max(1u, std::thread::hardware_concurrency()));
  return [router, readers](std::unique_ptr<HttpExchange> exchange) {
    if (TextBytes(exchange->request()) < kMuchText) return Handle(*router, std::move(exchange));
    boost::asio::post(*readers,
                      [router, exchange = std::move(exchange)]() mutable { Handle(*router, std::move(exchange)); });
  };
}

}  // namespace lamina::server
