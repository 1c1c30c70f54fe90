// A tensor of floats out of a JSON body, and into one: our reader and writer, and simdjson's on-demand reader, which
// has to copy the body behind padding first.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "server/protocols/http/json_tensor_reader.h"
#include "server/protocols/http/json_writer.h"

namespace lamina::server {
namespace {

std::vector<float> Values(size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

/// With `wide` as Python writes a float32 that it made a float of: 17 digits.
std::string Text(size_t count, bool wide) {
  JsonWriter json;
  const std::vector<float> values = Values(count);
  if (wide) {
    json.BeginArray().Numbers(std::span<const double>(std::vector<double>(values.begin(), values.end()))).EndArray();
  } else {
    json.BeginArray().Numbers(std::span<const float>(values)).EndArray();
  }
  return std::string(json.Take().text());
}

void BM_Read(benchmark::State& state) {
  const std::string text = Text(state.range(0), state.range(1) != 0);
  for (auto _ : state) {
    JsonReader json(text);
    JsonTensorReader tensor(ElementType::kF32);
    tensor.Reserve(json, state.range(0));
    if (!tensor.Read(json)) state.SkipWithError("not read");
    benchmark::DoNotOptimize(tensor.data().data());
  }
  state.SetBytesProcessed(state.iterations() * text.size());
}
BENCHMARK(BM_Read)->ArgNames({"count", "wide"})->ArgsProduct({{4, 1000, 150528, 4000000}, {0, 1}});

void BM_ReadWithSimdjson(benchmark::State& state) {
  const std::string text = Text(state.range(0), state.range(1) != 0);
  simdjson::ondemand::parser parser;
  for (auto _ : state) {
    const simdjson::padded_string padded(text);
    simdjson::ondemand::document document = parser.iterate(padded);
    Bytes memory(state.range(0) * sizeof(float));
    std::byte* to = memory.data();
    for (auto element : document.get_array()) {
      const auto value = static_cast<float>(element.get_double().value());
      std::memcpy(to, &value, sizeof(value));
      to += sizeof(value);
    }
    benchmark::DoNotOptimize(memory.data());
  }
  state.SetBytesProcessed(state.iterations() * text.size());
}
BENCHMARK(BM_ReadWithSimdjson)->ArgNames({"count", "wide"})->ArgsProduct({{4, 1000, 150528, 4000000}, {0, 1}});

void BM_Write(benchmark::State& state) {
  const std::vector<float> values = Values(state.range(0));
  size_t size = 0;
  for (auto _ : state) {
    JsonWriter json;
    json.BeginArray().Numbers(std::span<const float>(values)).EndArray();
    size = json.size();
    benchmark::DoNotOptimize(json.Take().data());
  }
  state.SetBytesProcessed(state.iterations() * size);
}
BENCHMARK(BM_Write)->Arg(3)->Arg(1000)->Arg(150528);

}  // namespace
}  // namespace lamina::server
