#include "server/protocols/kserve/shared_memory_routes.h"

#include <string>
#include <vector>

#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/kserve/rest_shared_memory.h"

namespace lamina::server {
namespace {

std::string Region(const PathParameters& path) { return std::string(path.Get("region")); }

HttpResponse Done() {
  JsonWriter json;
  json.BeginObject().EndObject();
  return JsonResponse(json);
}

absl::StatusOr<HttpResponse> Status(const SharedMemory& shared_memory, const std::string& region) {
  LAMINA_ASSIGN_OR_RETURN(const std::vector<SharedMemory::Region> regions, shared_memory.Status(region));
  JsonWriter json;
  WriteSharedMemoryStatus(regions, json);
  return JsonResponse(json);
}

absl::StatusOr<HttpResponse> Register(SharedMemory& shared_memory, const HttpRequest& request,
                                      const std::string& name) {
  LAMINA_ASSIGN_OR_RETURN(const SharedMemory::Region region, ReadRegionBody(name, request.text()));
  LAMINA_RETURN_IF_ERROR(shared_memory.Register(region));
  return Done();
}

}  // namespace

void AddKserveSharedMemoryRoutes(Core& core, Router& router) {
  const std::string all = "/v2/systemsharedmemory", one = all + "/region/{region}";
  router.Add("GET", all + "/status",
             [&core](const HttpRequest&, const PathParameters&) { return Status(core.shared_memory(), {}); });
  router.Add("GET", one + "/status", [&core](const HttpRequest&, const PathParameters& path) {
    return Status(core.shared_memory(), Region(path));
  });
  router.Add("POST", one + "/register", [&core](const HttpRequest& request, const PathParameters& path) {
    return Register(core.shared_memory(), request, Region(path));
  });
  router.Add("POST", one + "/unregister", [&core](const HttpRequest&, const PathParameters& path) {
    core.shared_memory().Unregister(Region(path));
    return Done();
  });
  router.Add("POST", all + "/unregister", [&core](const HttpRequest&, const PathParameters&) {
    core.shared_memory().UnregisterAll();
    return Done();
  });
}

}  // namespace lamina::server
