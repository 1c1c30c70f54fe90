/* A library of layers in C, straight on the ABI. ABI_MAJOR, ABI_MINOR, ISA and SINCE say what it claims to be. */
#include <lamina/abi.h>
#include <stddef.h>

#ifndef ABI_MAJOR
#define ABI_MAJOR LAMINA_ABI_MAJOR
#define ABI_MINOR LAMINA_ABI_MINOR
#endif
#ifndef ISA
#define ISA LAMINA_ISA_BASE
#endif
#ifndef SINCE
#define SINCE 0
#endif
/* Before 0.2 a layer ended with compute. */
#define LAYER_SIZE (ABI_MINOR < 2 ? offsetof(lamina_layer, row_wise_rank) : sizeof(lamina_layer))

static int32_t Create(const lamina_node* node, void** state) {
  (void)node;
  *state = NULL;
  return LAMINA_OK;
}
static void Destroy(void* state) { (void)state; }
static int32_t Infer(const void* state, const lamina_inference* inference) {
  (void)state;
  const lamina_tensor* x = inference->inputs[0];
  inference->host->set_output(inference->context, 0, x->type, x->rank, x->dims);
  return LAMINA_OK;
}
static int32_t Compute(const void* state, const lamina_call* call) {
  (void)state;
  const float* x = call->inputs[0]->data;
  float* y = call->outputs[0]->data;
  for (uint64_t i = 0; i < call->inputs[0]->size; ++i) y[i] = 2 * x[i];
  return LAMINA_OK;
}

static const lamina_binding kBindings[] = {
    {sizeof(lamina_binding), 1, 0, 0, "onnx", "test.scale", "Double"},
    {sizeof(lamina_binding), SINCE, 4, 0, "onnx", "test.scale", "Twice"},
};
static const lamina_port kInputs[] = {{sizeof(lamina_port), 0, "x", 1u << LAMINA_F32}};
static const lamina_port kOutputs[] = {{sizeof(lamina_port), 0, "y", 1u << LAMINA_F32}};
static const char* const kExamples[] = {"x=f32[2]{1,-2} -> y=f32[2]{2,-4}"};
static const lamina_layer kDouble = {
    LAYER_SIZE,           2,         1,        1,         0,    1,         "Double", "y = 2 x",
    kBindings,            kInputs,   kOutputs, NULL,      kExamples, Create, Destroy,  Infer,
    Compute,              0,         0};
static const lamina_layer* const kLayers[] = {&kDouble};

__attribute__((visibility("default"))) const lamina_library_table lamina_library = {
    LAMINA_MAGIC, sizeof(lamina_library_table), ABI_MAJOR, ABI_MINOR, ISA, "scale", "2.1", kLayers, kLayers + 1};
