/* Preparing an ONNX model, for other languages: what liblamina_prepare.so exports and the Python package calls.
 *
 * A lamina_prepared is made by one call, read by any number of threads and freed once; pointers got from it live as
 * long as it does. */
#ifndef LAMINA_PREPARE_C_API_H_
#define LAMINA_PREPARE_C_API_H_

#include <stddef.h>

#define LAMINA_PREPARE_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lamina_prepared lamina_prepared;

/* flags: external weights become nodes lamina.mapped.Weights, which have the address, the engine's type and the dims,
 * or references to addresses, all in mappings that live as long as the lamina_prepared does. The caller's converter
 * makes constants of the nodes. */
enum { LAMINA_PREPARE_MAP_WEIGHTS = 1 };

/* Prepares the model in a file, or in memory with its external weights in `folder`, for a core to which the extension
 * libraries at these paths have been added. Never null, even without memory; ask for the error first. */
LAMINA_PREPARE_API lamina_prepared* lamina_prepare_file(const char* path, const char* const* libraries, size_t count,
                                                        int flags);
LAMINA_PREPARE_API lamina_prepared* lamina_prepare_memory(const void* data, size_t size, const char* folder,
                                                          const char* const* libraries, size_t count, int flags);
LAMINA_PREPARE_API void lamina_prepared_free(lamina_prepared* prepared);

/* Prepares `in`, writes it as `out`, and brings its external weights to out's folder. model() is empty then. */
LAMINA_PREPARE_API lamina_prepared* lamina_prepare_to_file(const char* in, const char* out,
                                                           const char* const* libraries, size_t count);

/* Null if all went well. */
LAMINA_PREPARE_API const char* lamina_prepared_error(const lamina_prepared* prepared);
/* Null if every operator is known, else the text that lists those that are not. */
LAMINA_PREPARE_API const char* lamina_prepared_unknown(const lamina_prepared* prepared);
/* What was done, a line a node kind; empty if nothing was. */
LAMINA_PREPARE_API const char* lamina_prepared_report(const lamina_prepared* prepared);
/* The prepared model. */
LAMINA_PREPARE_API const void* lamina_prepared_model(const lamina_prepared* prepared, size_t* size);
/* The mappings of external weights; null at index's end. */
LAMINA_PREPARE_API const void* lamina_prepared_mapping(const lamina_prepared* prepared, size_t index, size_t* size);

/* 1 if the file's content looks like an ONNX model, 0 if not. */
LAMINA_PREPARE_API int lamina_is_onnx(const char* path);

#ifdef __cplusplus
}
#endif

#endif /* LAMINA_PREPARE_C_API_H_ */
