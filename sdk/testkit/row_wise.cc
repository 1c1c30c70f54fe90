#include "sdk/testkit/row_wise.h"

#include <algorithm>
#include <optional>

namespace lamina::testkit {
namespace {

constexpr size_t kMostAlone = 8;
// An odd number, with vectors, blocks and what is left of them.
constexpr size_t kManyRows = 333;

std::optional<size_t> RowCount(const std::vector<Value>& inputs, uint32_t rank) {
  std::optional<size_t> rows;
  for (const Value& value : inputs) {
    if (value.absent) continue;
    const bool has_rows = value.dims.size() >= rank && (value.type == LAMINA_STRING || BitsOf(value.type) >= 8);
    if (!has_rows || (rows && *rows != size_t(value.dims[0]))) return std::nullopt;
    rows = value.dims[0];
  }
  return rows;
}

// Rows of a value, each given by its number.
Value Take(const Value& from, const std::vector<size_t>& rows) {
  if (from.absent) return from;
  Value value;
  value.type = from.type;
  value.dims = from.dims;
  value.dims[0] = int64_t(rows.size());
  const auto append = [&](const auto& all, auto& to) {
    const size_t width = all.size() / size_t(from.dims[0]);
    for (const size_t row : rows) to.insert(to.end(), all.begin() + row * width, all.begin() + (row + 1) * width);
  };
  append(from.bytes, value.bytes);
  append(from.strings, value.strings);
  return value;
}

std::vector<Value> Take(const std::vector<Value>& from, const std::vector<size_t>& rows) {
  std::vector<Value> values;
  std::transform(from.begin(), from.end(), std::back_inserter(values), [&](const Value& v) { return Take(v, rows); });
  return values;
}

std::string Compare(const PreparedLayer& layer, const std::vector<Value>& inputs, const std::vector<Value>& outputs,
                    const std::vector<size_t>& rows) {
  const Outcome got = layer.Run(Take(inputs, rows));
  if (!got.error.empty()) return got.error;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string difference = DifferenceInBits(got.outputs[i], Take(outputs[i], rows));
    if (!difference.empty()) return "output " + std::to_string(i) + ": " + difference;
  }
  return "";
}

}  // namespace

std::string CheckRows(const PreparedLayer& layer, uint32_t rank, const std::vector<Value>& inputs,
                      const std::vector<Value>& outputs) {
  const std::optional<size_t> count = RowCount(inputs, rank);
  if (!count || *count == 0) return "";
  for (const Value& output : outputs) {
    if (output.dims.empty() || size_t(output.dims[0]) != *count)
      return "it says that it works row by row, but an output has another number of rows: " + ToString(output);
  }
  for (size_t row = 0; row < std::min(*count, kMostAlone); ++row) {
    const std::string wrong = Compare(layer, inputs, outputs, {row});
    if (!wrong.empty()) return "it says that it works row by row, but row " + std::to_string(row) + " alone: " + wrong;
  }
  std::vector<size_t> many(kManyRows);
  for (size_t i = 0; i < kManyRows; ++i) many[i] = i % *count;
  const std::string wrong = Compare(layer, inputs, outputs, many);
  return wrong.empty() ? "" : "it says that it works row by row, but many rows: " + wrong;
}

}  // namespace lamina::testkit
