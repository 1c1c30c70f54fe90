#include "server/transport/testing/test_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "server/transport/testing/echo.h"

namespace lamina::server {

/// Calls that wait, each with what answers it: once, by whoever comes first.
struct TestServer::KeptCalls : std::enable_shared_from_this<TestServer::KeptCalls> {
  using Answer = std::function<void(const absl::Status&)>;

  void Add(std::stop_token cancelled, Answer answer) {
    int number = 0;
    {
      MutexLock lock(mutex);
      number = ++last;
      calls.emplace(number, std::move(answer));
    }
    auto callback = std::make_shared<std::stop_callback<std::function<void()>>>(
        std::move(cancelled), [self = shared_from_this(), number] { self->Finish(number, absl::CancelledError("c")); });
    MutexLock lock(mutex);
    if (calls.contains(number)) callbacks.emplace(number, std::move(callback));
  }

  void Finish(int number, const absl::Status& status) {
    Answer answer;
    {
      MutexLock lock(mutex);
      const auto found = calls.extract(number);
      if (found.empty()) return;
      answer = std::move(found.mapped());
    }
    answer(status);
  }

  void FinishAll() {
    std::map<int, std::shared_ptr<std::stop_callback<std::function<void()>>>> dropped;
    std::map<int, Answer> all;
    {
      MutexLock lock(mutex);
      all.swap(calls);
      dropped.swap(callbacks);
    }
    for (auto& [number, answer] : all) answer(absl::OkStatus());
  }

  size_t Count() {
    MutexLock lock(mutex);
    return calls.size();
  }

  Mutex mutex;
  int last ABSL_GUARDED_BY(mutex) = 0;
  std::map<int, Answer> calls ABSL_GUARDED_BY(mutex);
  std::map<int, std::shared_ptr<std::stop_callback<std::function<void()>>>> callbacks ABSL_GUARDED_BY(mutex);
};

namespace {

void Echo(std::unique_ptr<GrpcCall> call) {
  auto answer = [](GrpcCall& to) { to.Respond(Copy(to.message())); };
  if (call->Metadata("x-answer-later").empty()) return answer(*call);
  std::thread([answer, call = std::move(call)] { answer(*call); }).detach();  // the answer is what the test waits for
}

class Both final : public GrpcReader {
 public:
  explicit Both(std::shared_ptr<GrpcStream> stream) : stream_(std::move(stream)) {}
  void OnMessage(Bytes, std::shared_ptr<void>) override {
    std::jthread([this] { Write("a"); }).join();
    Write("b");
  }
  void OnHalfClose() override { stream_->Finish(absl::OkStatus()); }

 private:
  void Write(std::string_view text) { stream_->Write(Copy(std::as_bytes(std::span(text)))); }

  const std::shared_ptr<GrpcStream> stream_;
};

class Much final : public GrpcReader {
 public:
  Much(std::shared_ptr<GrpcStream> stream, std::shared_ptr<std::atomic<int>> answered)
      : stream_(std::move(stream)),
        answered_(std::move(answered)),
        bytes_(std::stoul(std::string(stream_->Metadata("x-bytes")))) {}
  void OnMessage(Bytes, std::shared_ptr<void>) override {
    std::vector<Bytes> parts;
    parts.emplace_back(std::string(bytes_, 'm'));
    stream_->Write(std::move(parts));
    ++*answered_;
  }
  void OnHalfClose() override { stream_->Finish(absl::OkStatus()); }

 private:
  const std::shared_ptr<GrpcStream> stream_;
  const std::shared_ptr<std::atomic<int>> answered_;
  const size_t bytes_;
};

class ThrowingReader final : public GrpcReader {
 public:
  void OnMessage(Bytes, std::shared_ptr<void>) override { throw std::bad_alloc(); }
  void OnHalfClose() override {}
};

HttpResponse Describe(const HttpRequest& request) {
  HttpResponse response;
  response.content_type = "text/plain";
  std::string head = std::string(request.method) + " " + std::string(request.path);
  if (!request.query.empty()) head += "?" + std::string(request.query);
  response.body.emplace_back(head + " ");
  for (Bytes& part : Copy(request.body)) response.body.push_back(std::move(part));
  return response;
}

}  // namespace

TestServer::TestServer(TransportLimits limits, size_t memory, Guards guards)
    : memory_(std::make_shared<MemoryBudget>(memory)), kept_(std::make_shared<KeptCalls>()) {
  GrpcMethods methods;
  methods.Add("t.S", "Echo", GrpcUnaryHandler(Echo));
  methods.Add("t.S", "Keep", GrpcUnaryHandler([kept = kept_](std::unique_ptr<GrpcCall> call) {
                const std::shared_ptr<GrpcCall> shared = std::move(call);
                kept->Add(shared->cancelled(), [shared](const absl::Status& status) {
                  if (!status.ok()) return shared->Respond(status);
                  shared->Respond(Copy(shared->message()));
                });
              }));
  methods.Add("t.S", "Fail", GrpcUnaryHandler([](std::unique_ptr<GrpcCall> call) {
                call->Respond(absl::NotFoundError("no 100% luck"));
              }));
  methods.Add("t.S", "Chat", GrpcStreamHandler([](std::shared_ptr<GrpcStream> stream) {
                return std::make_unique<EchoReader>(std::move(stream));
              }));
  methods.Add("t.S", "Both", GrpcStreamHandler([](std::shared_ptr<GrpcStream> stream) {
                return std::make_unique<Both>(std::move(stream));
              }));
  methods.Add("t.S", "Much", GrpcStreamHandler([answered = answered_](std::shared_ptr<GrpcStream> stream) {
                return std::make_unique<Much>(std::move(stream), answered);
              }));
  methods.Add("t.S", "Throw", GrpcUnaryHandler([](std::unique_ptr<GrpcCall>) { throw std::bad_alloc(); }));
  methods.Add("t.S", "ChatThrow", GrpcStreamHandler([kept = kept_](std::shared_ptr<GrpcStream> stream) {
                kept->Add(stream->cancelled(), [stream](const absl::Status& status) { stream->Finish(status); });
                return std::make_unique<ThrowingReader>();
              }));
  HttpHandler http = [kept = kept_](std::unique_ptr<HttpExchange> exchange) {
    if (exchange->request().path == "/throw") throw std::bad_alloc();
    if (exchange->request().path != "/keep") return exchange->Respond(Describe(exchange->request()));
    const std::shared_ptr<HttpExchange> shared = std::move(exchange);
    const auto response = std::make_shared<HttpResponse>(Describe(shared->request()));
    const std::string_view headers = shared->request().query;
    for (int i = headers.empty() ? 0 : std::stoi(std::string(headers)); i > 0; --i) {
      response->headers.emplace_back("x-" + std::to_string(i), "y");
    }
    kept->Add(shared->request().cancelled,
              [shared, response](const absl::Status&) { shared->Respond(std::move(*response)); });
  };
  TransportConfig config;
  config.grpc_bind_address = "127.0.0.1";
  config.grpc_port = 0;
  absl::StatusOr<Listeners> listeners = Listeners::Bind(config);
  EXPECT_TRUE(listeners.ok()) << listeners.status();
  const auto services = std::make_shared<const Services>(Services{.grpc = std::move(methods),
                                                                  .http = std::move(http),
                                                                  .limits = limits,
                                                                  .guards = std::move(guards),
                                                                  .memory = memory_});
  unsent_ = services->unsent;
  auto started = TransportServer::Start(config, *std::move(listeners), services);
  EXPECT_TRUE(started.ok()) << started.status();
  server_ = *std::move(started);
}

TestServer::~TestServer() { kept_->FinishAll(); }

size_t TestServer::kept() const { return kept_->Count(); }

bool TestServer::WaitForKept(size_t count) const {
  for (int i = 0; i < 5000 && kept() != count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return kept() == count;
}

void TestServer::Release() { kept_->FinishAll(); }

}  // namespace lamina::server
