// What a library built for the 2019 engine exports, as far as a loader can see.
namespace InferenceEngine {
class IExtension;
struct ResponseDesc;
}  // namespace InferenceEngine
extern "C" __attribute__((visibility("default"))) int CreateExtension(InferenceEngine::IExtension*&,
                                                                      InferenceEngine::ResponseDesc*) {
  return 0;
}
