#include "sdk/testkit/prove_layer.h"

#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <sstream>

#include "sdk/loader/child.h"
#include "sdk/loader/library.h"
#include "sdk/testkit/testkit.h"

namespace lamina::testkit {
namespace {

/// Where a child is: its parent reads it when the child is gone.
struct Place {
  std::atomic<int32_t> isa;
  std::atomic<uint32_t> example;
};

class SharedPlace {
 public:
  SharedPlace() {
    void* memory = mmap(nullptr, sizeof(Place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    place_ = new (memory) Place();
  }
  ~SharedPlace() { munmap(place_, sizeof(Place)); }
  SharedPlace(const SharedPlace&) = delete;
  SharedPlace& operator=(const SharedPlace&) = delete;

  Place* operator->() { return place_; }

 private:
  Place* place_;
};

/// What fails, a line each.
std::string RunExamples(const std::string& path, const std::string& name, const std::vector<int32_t>& isas,
                        SharedPlace& place) {
  const auto library = loader::Library::Open(path);
  const lamina_layer& layer = FindLayer(*library->table(), name);
  std::string failures;
  for (const int32_t isa : isas) {
    std::string wrong;
    place->isa = isa;
    for (uint32_t i = 0; i < layer.example_count && wrong.empty(); ++i) {
      place->example = i;
      wrong = CheckExample(layer, i, isa);
    }
    if (!wrong.empty()) failures += wrong + " (on " + loader::IsaName(isa) + ")\n";
  }
  return failures;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::vector<std::string> ProveLayer(const std::string& path, const loader::LayerInfo& layer,
                                    const std::vector<int32_t>& isas, std::chrono::seconds patience) {
  using How = loader::ChildEnd::How;
  if (layer.examples.empty()) return {};
  SharedPlace place;
  const loader::ChildEnd end = loader::RunInChild([&] { return RunExamples(path, layer.name, isas, place); },
                                                  {.patience = patience, .captured = false});
  const std::string who = "the layer '" + layer.name + "' ";
  const std::string where = "in its example \"" +
                            layer.examples[std::min<size_t>(place->example, layer.examples.size() - 1)] + "\" on " +
                            loader::IsaName(place->isa);
  switch (end.how) {
    case How::kDone:
    case How::kRefused:
      return Lines(end.said);
    case How::kExited:
    case How::kKilled:
      return {who + loader::EndedItsProcess(end, where, "its code")};
    case How::kTimedOut:
    case How::kStopped:
      return {who + "had not ended after " + std::to_string(patience.count()) + " s, " + where +
              "; see what it waits for, or loops over"};
    case How::kNotStarted:
      return {who + "cannot be proved, there is no process for it: " + strerror(end.number)};
  }
  return {};
}

}  // namespace lamina::testkit
