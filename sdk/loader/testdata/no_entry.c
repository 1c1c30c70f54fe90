/* A shared library that has nothing to do with layers. */
__attribute__((visibility("default"))) int Answer(void) { return 42; }
