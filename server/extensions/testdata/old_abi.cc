// What a library for the engine of 2019 exports.
extern "C" __attribute__((visibility("default"))) int CreateExtension(void*&, void*) noexcept { return 0; }
extern "C" __attribute__((visibility("default"))) int CreateShapeInferExtension(void*&, void*) noexcept { return 0; }
