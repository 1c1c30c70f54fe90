// A library that is no extension.
extern "C" __attribute__((visibility("default"))) int answer() { return 42; }
