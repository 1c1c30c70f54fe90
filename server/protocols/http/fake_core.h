#ifndef LAMINA_SERVER_PROTOCOLS_HTTP_FAKE_CORE_H_
#define LAMINA_SERVER_PROTOCOLS_HTTP_FAKE_CORE_H_

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/api/core.h"

namespace lamina::server::testing {

/// A core with one model, "m", in version 3 with the label "stable". By default it gives every input back as the output
/// of the same name; outputs that are asked for by name come in that order.
class FakeCore final : public Core {
 public:
  FakeCore() {
    auto signature = std::make_shared<Signature>();
    signature->inputs = {{.name = "x", .type = ElementType::kF32, .shape = {-1, 2}}};
    signature->outputs = signature->inputs;
    metadata.signature = signature;
  }

  /// The model takes and gives tensors of these names and types, of any shape.
  void Serve(const std::vector<std::pair<std::string, ElementType>>& tensors) {
    auto signature = std::make_shared<Signature>();
    for (const auto& [name, type] : tensors)
      signature->inputs.push_back({.name = name, .type = type, .any_rank = true});
    signature->outputs = signature->inputs;
    metadata.signature = signature;
  }

  absl::StatusOr<InferResult> Infer(const InferRequest&, OutputSink&) override {
    return absl::UnimplementedError("the protocols use InferAsync");
  }

  void InferAsync(const InferRequest& request, OutputSink& sink, InferDone done) override {
    last_deadline = request.deadline;
    last_origin = request.origin;
    absl::Status status = Find(request.model, request.version);
    if (status.ok()) status = compute ? compute(request, sink) : Echo(request, sink);
    if (!status.ok()) return done(status);
    done(InferResult{.version = 3});
  }

  absl::StatusOr<ModelMetadata> Metadata(std::string_view model, VersionSelector version) const override {
    if (absl::Status status = Find(model, version); !status.ok()) return status;
    return metadata;
  }

  absl::StatusOr<std::vector<VersionStatus>> Status(std::string_view model,
                                                    std::optional<VersionSelector> version) const override {
    if (absl::Status status = Find(model, version.value_or(VersionSelector{})); !status.ok()) return status;
    if (version) return std::vector<VersionStatus>{{3, VersionState::kAvailable, {}}};
    return std::vector<VersionStatus>{{3, VersionState::kAvailable, {}},
                                      {4, VersionState::kEnd, absl::InternalError("no layer X")}};
  }

  absl::Status ModelReady(std::string_view model, VersionSelector version) const override {
    return Find(model, version);
  }
  std::vector<std::string> Models() const override { return {"m"}; }
  bool Live() const override { return live; }
  bool Ready() const override { return ready; }

  std::vector<IndexEntry> RepositoryIndex(bool ready_only) const override {
    std::vector<IndexEntry> index = {{"m", 3, VersionState::kAvailable, ""}};
    if (!ready_only) index.push_back({"m", 4, VersionState::kEnd, "no layer X"});
    return index;
  }

  // Changes are written down; they end as `change` says.
  void LoadModel(const std::string& model, const std::optional<std::string>& config, ChangeDone done) override {
    changes.push_back(absl::StrCat("load ", model, " ", config.value_or("as configured")));
    done(change);
  }
  void UnloadModel(const std::string& model, ChangeDone done) override {
    changes.push_back("unload " + model);
    done(change);
  }
  void ReloadConfig(ChangeDone done) override {
    changes.push_back("reload");
    done(change);
  }

  absl::StatusOr<std::vector<ModelStatistics>> Statistics(std::string_view model,
                                                          VersionSelector version) const override {
    if (!model.empty()) {
      if (absl::Status status = Find(model, version); !status.ok()) return status;
    }
    ModelStatistics one{.model = "m", .version = 3, .last_inference_ms = 9, .inference_count = 6, .execution_count = 2};
    one.success = {.count = 2, .ns = 50};
    one.batches = {{.batch_size = 3, .input = {2, 1}, .infer = {2, 40}, .output = {2, 9}}};
    return std::vector{one};
  }

  std::string MetricsText() const override { return "up 1\n"; }

  void CountCall(const Origin& origin, std::string_view, VersionSelector, bool ok) override {
    counted.push_back({origin, ok});
  }

  ModelMetadata metadata{.name = "m", .version = 3, .versions = {3}, .platform = "onnx"};
  std::function<absl::Status(const InferRequest&, OutputSink&)> compute;
  std::chrono::steady_clock::time_point last_deadline;
  Origin last_origin;
  std::vector<std::string> changes;
  absl::Status change;
  std::vector<std::pair<Origin, bool>> counted;
  bool live = true;
  bool ready = true;

 private:
  static absl::Status Find(std::string_view model, const VersionSelector& version) {
    const bool right = version.label.empty() ? version.version == 0 || version.version == 3 : version.label == "stable";
    if (model == "m" && right) return absl::OkStatus();
    return absl::NotFoundError(
        absl::StrCat("Servable not found for request: Specific(", std::string(model), ", ", version.version, ")"));
  }

  static absl::Status Echo(const InferRequest& request, OutputSink& sink) {
    std::vector<const InputTensor*> wanted;
    for (const InputTensor& input : request.inputs) wanted.push_back(&input);
    if (!request.outputs.empty()) {
      wanted.clear();
      for (const std::string_view name : request.outputs) {
        for (const InputTensor& input : request.inputs) {
          if (input.name == name) wanted.push_back(&input);
        }
      }
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (absl::Status status = EchoOne(*wanted[i], i, sink); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  static absl::Status EchoOne(const InputTensor& input, size_t index, OutputSink& sink) {
    const TensorInfo info{.name = std::string(input.name), .type = input.type};
    if (input.type == ElementType::kString) {
      const std::vector<std::string> values(input.strings.begin(), input.strings.end());
      return sink.PutStrings(index, info, input.shape, values);
    }
    const auto memory = sink.Reserve(index, info, input.shape, input.data.size());
    if (!memory.ok()) return memory.status();
    if (!input.data.empty()) std::memcpy(memory->data(), input.data.data(), input.data.size());
    return absl::OkStatus();
  }
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_PROTOCOLS_HTTP_FAKE_CORE_H_
