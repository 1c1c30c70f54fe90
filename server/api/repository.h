#ifndef LAMINA_SERVER_API_REPOSITORY_H_
#define LAMINA_SERVER_API_REPOSITORY_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/api/metadata.h"
#include "server/config/model_config.h"

namespace lamina::server {

/// One version of a model that the server has or had, or a model of which no version was found.
struct IndexEntry {
  std::string model;
  /// 0: no version of it was found.
  int64_t version = 0;
  VersionState state = VersionState::kEnd;
  /// Why it does not answer requests; empty while it does.
  std::string reason;

  bool operator==(const IndexEntry&) const = default;
};

/// A model as a client wants it served. Every other setting stays as it is, or as it is configured, or is the default
/// for a new model.
struct WantedModel {
  std::string name;
  std::string base_path;
  VersionPolicy version_policy;
  std::map<std::string, int64_t> version_labels;
};

/// Called once, when a change to the models is done: OK, or every problem in sentences that may go to the client. Has
/// to be short.
using ChangeDone = absl::AnyInvocable<void(absl::Status)>;

}  // namespace lamina::server

#endif  // LAMINA_SERVER_API_REPOSITORY_H_
