#include "server/protocols/rest/rest_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/ascii.h"
#include "server/protocols/http/fake_core.h"
#include "server/protocols/http/testing.h"
#include "server/protocols/rest/operation_routes.h"

namespace lamina::server {
namespace {

using ::testing::HasSubstr;

TEST(RestHandlerTest, TheDocumentHasEveryRouteAndNoOther) {
  testing::FakeCore core;
  std::set<std::string> served;
  const Router router = MakeRestRouter(core, OperationRoutes(core));
  for (const Router::Resource& resource : router.resources()) {
    for (const auto& [method, handler] : resource.handlers) {
      EXPECT_TRUE(served.insert(method + " " + resource.path.text()).second) << "a route is there twice";
    }
  }

  std::set<std::string> described;
  simdjson::dom::parser parser;
  const simdjson::padded_string text(OpenApiDocument());
  const simdjson::dom::element document = parser.parse(text);
  for (const auto path : simdjson::dom::object(document["paths"])) {
    for (const auto operation : simdjson::dom::object(path.value))
      described.insert(absl::AsciiStrToUpper(std::string(operation.key)) + " " + std::string(path.key));
  }
  EXPECT_EQ(described, served);
}

/// Every {part} of a path is described where the path is, and the other way round.
TEST(RestHandlerTest, TheDocumentHasEveryPartOfAPath) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(OpenApiDocument());
  const simdjson::dom::element document = parser.parse(text);
  for (const auto path : simdjson::dom::object(document["paths"])) {
    for (const auto operation : simdjson::dom::object(path.value)) {
      std::string described;
      simdjson::dom::array parameters;
      if (operation.value["parameters"].get(parameters) == simdjson::SUCCESS) {
        for (simdjson::dom::element parameter : parameters) {
          std::string_view reference;
          if (parameter["$ref"].get(reference) == simdjson::SUCCESS)
            parameter = document.at_pointer(reference.substr(1));
          if (std::string_view(parameter["in"]) == "path")
            described += "{" + std::string(std::string_view(parameter["name"])) + "}";
        }
      }
      std::string in_path;
      for (size_t at = path.key.find('{'); at != std::string_view::npos; at = path.key.find('{', at + 1))
        in_path += path.key.substr(at, path.key.find('}', at) - at + 1);
      EXPECT_EQ(described, in_path) << path.key;
    }
  }
}

TEST(RestHandlerTest, ServesTheDocumentWithOurVersion) {
  testing::FakeCore core;
  const testing::Reply reply = testing::Send(MakeRestHandler(core), {.path = "/openapi.json"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body, OpenApiDocument());
  EXPECT_THAT(reply.body, ::testing::Not(HasSubstr("\"0.0.0\"")));
}

TEST(RestHandlerTest, BothProtocolsAnswer) {
  testing::FakeCore core;
  const HttpHandler handler = MakeRestHandler(core);
  EXPECT_EQ(testing::Send(handler, {.path = "/v2/health/live"}).status, 200);
  EXPECT_EQ(testing::Send(handler, {.path = "/v1/models/m"}).status, 200);
  EXPECT_EQ(testing::Send(handler, {.path = "/v3"}).status, 404);
}

TEST(RestHandlerTest, OthersAddRoutes) {
  testing::FakeCore core;
  const HttpHandler handler = MakeRestHandler(
      core, {[](Router& router) {
        router.Add("GET", "/mine",
                   [](const HttpRequest&, const PathParameters&) { return HttpResponse{.status = 204}; });
      }});
  EXPECT_EQ(testing::Send(handler, {.path = "/mine"}).status, 204);
}

TEST(RestHandlerTest, Metrics) {
  testing::FakeCore core;
  const testing::Reply reply = testing::Send(MakeRestHandler(core, OperationRoutes(core)), {.path = "/metrics"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(reply.body, core.MetricsText());
}

/// The thread on which a body of `size` bytes is handled, of which `json_size` says how many are JSON.
std::thread::id ThreadFor(size_t size, const std::string& json_size) {
  testing::FakeCore core;
  std::promise<std::thread::id> handled;
  const HttpHandler handler = MakeRestHandler(
      core, {[&](Router& router) {
        router.AddHandler("POST", "/mine", [&](std::unique_ptr<HttpExchange> exchange, const PathParameters&) {
          exchange.reset();
          handled.set_value(std::this_thread::get_id());
        });
      }});
  testing::Reply reply;
  const testing::SentRequest request{.method = "POST",
                                     .path = "/mine",
                                     .body = std::string(size, ' '),
                                     .headers = {{"inference-header-content-length", json_size}}};
  handler(std::make_unique<testing::FakeExchange>(request, reply));
  return handled.get_future().get();
}

TEST(RestHandlerTest, MuchTextIsReadOnAThreadOfItsOwn) {
  const std::thread::id here = std::this_thread::get_id();
  constexpr size_t kMuch = size_t{1} << 20;
  EXPECT_EQ(ThreadFor(1000, ""), here);
  EXPECT_NE(ThreadFor(kMuch, ""), here);
  EXPECT_NE(ThreadFor(kMuch, std::to_string(kMuch)), here);
  EXPECT_EQ(ThreadFor(kMuch, "1000"), here) << "binary tensors take no time";
  EXPECT_EQ(ThreadFor(kMuch, "all"), here) << "a wrong header is refused at once";
}

TEST(RestHandlerTest, WithoutMemoryTheRequestAloneIsLost) {
  testing::FakeCore core;
  const HttpHandler handler = MakeRestHandler(
      core, {[](Router& router) {
        router.Add("GET", "/large", [](const HttpRequest&, const PathParameters&) -> absl::StatusOr<HttpResponse> {
          throw std::bad_alloc();
        });
      }});
  EXPECT_EQ(testing::Send(handler, {.path = "/large"}).status, -1);
}

}  // namespace
}  // namespace lamina::server
