/* The C ABI between a host (the bridge to OpenVINO, the test kit, the server) and a library of layers.
 *
 * Nothing of C++ and no exception crosses it, and nothing of OpenVINO is in it. It only grows: a field is appended,
 * never moved or removed, and every structure that may grow begins with struct_size, its size as its maker knew it, so
 * that either side can tell what the other has. A library exports one data symbol, lamina_library, whose tables are
 * constant: a host can read them from the file without loading it (see lamina/loader).
 *
 * Versions: a host loads a library of its own major version and of a minor version no newer than its own; it refuses
 * any other with both versions named. Major 0 is on trial; 1.0 is for good.
 *
 * Threads: create and destroy are called once per node of a model; infer and compute may be called at any time from
 * any thread, several at once, on one state, which they must not change. */
#ifndef LAMINA_ABI_H_
#define LAMINA_ABI_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LAMINA_ABI_MAJOR 0
#define LAMINA_ABI_MINOR 2
#define LAMINA_MAGIC "LAMINA\0" /* with its terminator: 8 bytes */

/* Element types: every one that OpenVINO has. Types below 8 bits are packed, the first element in the low bits. */
enum {
  LAMINA_DYNAMIC = 0, /* not known yet; only in lamina_node and lamina_inference */
  LAMINA_BOOL = 1,    /* one byte, 0 or 1 */
  LAMINA_BF16 = 2,
  LAMINA_F16 = 3,
  LAMINA_F32 = 4,
  LAMINA_F64 = 5,
  LAMINA_I4 = 6,
  LAMINA_I8 = 7,
  LAMINA_I16 = 8,
  LAMINA_I32 = 9,
  LAMINA_I64 = 10,
  LAMINA_U1 = 11,
  LAMINA_U2 = 12,
  LAMINA_U3 = 13,
  LAMINA_U4 = 14,
  LAMINA_U6 = 15,
  LAMINA_U8 = 16,
  LAMINA_U16 = 17,
  LAMINA_U32 = 18,
  LAMINA_U64 = 19,
  LAMINA_NF4 = 20,
  LAMINA_F8E4M3 = 21,
  LAMINA_F8E5M2 = 22,
  LAMINA_STRING = 23, /* lamina_string for inputs; outputs are written with set_string */
  LAMINA_F4E2M1 = 24,
  LAMINA_F8E8M0 = 25
};

/* What a callback returns; the numbers are gRPC's canonical codes. A message goes to lamina_host.fail first. */
enum {
  LAMINA_OK = 0,
  LAMINA_CANCELLED = 1,
  LAMINA_INVALID_ARGUMENT = 3,
  LAMINA_RESOURCE_EXHAUSTED = 8,
  LAMINA_UNIMPLEMENTED = 12,
  LAMINA_INTERNAL = 13
};

/* Instruction sets, each including the ones before it. */
enum {
  LAMINA_ISA_BASE = 0,   /* x86-64 itself, or chosen at run time */
  LAMINA_ISA_SSE42 = 1,  /* x86-64-v2 */
  LAMINA_ISA_AVX2 = 2,   /* x86-64-v3 */
  LAMINA_ISA_AVX512 = 3, /* x86-64-v4 */
};

enum { LAMINA_LOG_DEBUG = 0, LAMINA_LOG_INFO = 1, LAMINA_LOG_WARNING = 2, LAMINA_LOG_ERROR = 3 };

/* A byte string; not terminated. Its layout is final. */
typedef struct lamina_string {
  const char* data;
  uint64_t size;
} lamina_string;

/* A tensor in plain row-major layout; no alignment beyond the element's own is promised.
 * In lamina_inference: rank -1 and dimensions -1 are not known, data is null unless the value is a constant.
 * In lamina_call: an output that infer left open has rank -1 and no data until set_shape. */
typedef struct lamina_tensor {
  uint32_t struct_size;
  int32_t type;
  const int64_t* dims;
  int32_t rank;
  int32_t reserved;
  uint64_t size; /* elements; 0 while a dimension is not known */
  void* data;    /* for LAMINA_STRING an array of lamina_string; null in a string output */
} lamina_tensor;

enum {
  LAMINA_ATTRIBUTE_INT = 1,
  LAMINA_ATTRIBUTE_FLOAT = 2,
  LAMINA_ATTRIBUTE_STRING = 3,
  LAMINA_ATTRIBUTE_INTS = 4,
  LAMINA_ATTRIBUTE_FLOATS = 5,
  LAMINA_ATTRIBUTE_STRINGS = 6,
  LAMINA_ATTRIBUTE_TENSOR = 7,
  LAMINA_ATTRIBUTE_TENSORS = 8
};

/* An attribute's value: count values in the array of its kind (a scalar has one), the others are null. */
typedef struct lamina_attribute {
  uint32_t struct_size;
  int32_t kind;
  const char* name;
  uint64_t count;
  const int64_t* ints;
  const float* floats;
  const lamina_string* strings;
  const lamina_tensor* const* tensors;
} lamina_attribute;

struct lamina_call;

/* What the host offers. context is the one of the lamina_node, lamina_inference or lamina_call at hand. Pointers that a
 * library gets from it stay valid until the callback returns, unless said otherwise. */
typedef struct lamina_host {
  uint32_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t isa; /* the best instruction set that a layer may use: the machine's, or less if capped */

  /* Reports why a callback is about to return something else than LAMINA_OK. */
  void (*fail)(void* context, int32_t code, const char* message, uint64_t size);
  void (*log)(void* context, int32_t level, const char* message, uint64_t size);

  /* For infer: the type and dimensions of an output; rank -1 and dimensions -1 mean known only after computing. */
  void (*set_output)(void* context, uint64_t output, int32_t type, int32_t rank, const int64_t* dims);

  /* For compute. */
  uint32_t (*thread_count)(void* context);
  /* Calls body(argument, begin, end) for parts of [0, count), of at least grain each, on the host's threads; waits. */
  void (*parallel_for)(void* context, uint64_t count, uint64_t grain, void (*body)(void*, uint64_t, uint64_t),
                       void* argument);
  /* Memory of 64-byte alignment that lives until compute returns; null if there is none. For any thread. */
  void* (*scratch)(void* context, uint64_t bytes);
  int32_t (*cancelled)(void* context); /* 1: the caller has gone; return LAMINA_CANCELLED soon */
  /* Gives an output whose shape infer left open its shape, then its data. Returns LAMINA_OK or fails. */
  int32_t (*set_shape)(void* context, uint64_t output, int32_t rank, const int64_t* dims);
  /* Writes one element of a string output; different elements may be written by different threads. */
  void (*set_string)(void* context, uint64_t output, uint64_t index, const char* data, uint64_t size);
} lamina_host;

/* One node of a model, for create. */
typedef struct lamina_node {
  uint32_t struct_size;
  uint32_t opset; /* the operator set's version, 0 if it is not known */
  void* context;
  const lamina_host* host;
  const char* name;     /* the node's name, for messages */
  const char* domain;   /* of the binding by which it came, "" if it has none */
  const char* operator_name;
  uint64_t attribute_count;
  const lamina_attribute* const* attributes;
  uint64_t input_count; /* as connected: absent optional inputs at the end are not counted */
  uint64_t output_count;
} lamina_node;

/* For infer. An absent optional input is null. */
typedef struct lamina_inference {
  uint32_t struct_size;
  uint32_t reserved;
  void* context;
  const lamina_host* host;
  uint64_t input_count;
  const lamina_tensor* const* inputs;
  uint64_t output_count;
} lamina_inference;

/* For compute. An absent optional input is null; so is an output that nobody reads. */
typedef struct lamina_call {
  uint32_t struct_size;
  uint32_t reserved;
  void* context;
  const lamina_host* host;
  uint64_t input_count;
  const lamina_tensor* const* inputs;
  uint64_t output_count;
  lamina_tensor* const* outputs; /* set_shape updates the one it is called for */
} lamina_call;

/* Where a layer is found in a framework's models. since and until are the operator set's versions, both included,
 * 0: no bound. */
typedef struct lamina_binding {
  uint32_t struct_size;
  uint32_t since;
  uint32_t until;
  uint32_t reserved;
  const char* framework; /* "onnx", "tensorflow", "pytorch" */
  const char* domain;    /* "" is the framework's own */
  const char* operator_name;
} lamina_binding;

enum { LAMINA_PORT_OPTIONAL = 1, LAMINA_PORT_VARIADIC = 2 /* the last port only: any number of tensors */ };

typedef struct lamina_port {
  uint32_t struct_size;
  uint32_t flags;
  const char* name;
  uint64_t types; /* the element types that are taken or given: bit 1 << type, 0 for any */
} lamina_port;

enum { LAMINA_ATTRIBUTE_REQUIRED = 1 };

typedef struct lamina_attribute_declaration {
  uint32_t struct_size;
  uint32_t flags;
  const char* name;
  uint64_t kinds; /* bit 1 << kind for each kind that is taken */
} lamina_attribute_declaration;

/* A layer. Every array is of count entries, one struct_size (of its first entry) apart. No two inputs of it have one
 * name, nor two outputs, nor two attributes, nor two layers of a library. */
typedef struct lamina_layer {
  uint32_t struct_size;
  uint32_t binding_count;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t attribute_count;
  uint32_t example_count;
  const char* name; /* unique in its library; also the name of the OpenVINO operation */
  const char* doc;
  const lamina_binding* bindings;
  const lamina_port* inputs;
  const lamina_port* outputs;
  const lamina_attribute_declaration* attributes;
  /* Each proves the layer: "alpha=0.5 x=f32[3]{-1,0,2} -> y=f32[3]{-0.5,0,2}"; the notation is in docs/sdk.md. */
  const char* const* examples;
  /* Prepares the state that compute reads. */
  int32_t (*create)(const lamina_node* node, void** state);
  void (*destroy)(void* state);
  /* Says type and shape of every output; checks everything that can be checked before computing. */
  int32_t (*infer)(const void* state, const lamina_inference* inference);
  int32_t (*compute)(const void* state, const lamina_call* call);
  /* Since 0.2. Of the inputs' dimensions the first counts rows, if they all have at least so many (1: one element may
   * be a row, 2: a vector is a single row). Row i of every output then depends on row i of every input and on nothing
   * else, to the last bit, however many rows there are and wherever row i stands among them. 0: the layer is not like
   * that. */
  uint32_t row_wise_rank;
  uint32_t reserved;
} lamina_layer;

/* The one exported symbol of a library of layers, a constant. */
typedef struct lamina_library_table {
  char magic[8];
  uint32_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t isa; /* what the whole library was compiled for */
  const char* name;
  const char* version;
  const lamina_layer* const* begin;
  const lamina_layer* const* end;
} lamina_library_table;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* LAMINA_ABI_H_ */
