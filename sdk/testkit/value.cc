#include "sdk/testkit/value.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace lamina::testkit {
namespace {

template <class T>
double ElementAs(const Value& value, size_t i) {
  T element;
  std::memcpy(&element, value.bytes.data() + i * sizeof(T), sizeof(T));
  return double(element);
}

// The element as a double; bits for the types that C++ lacks.
double Element(const Value& value, size_t i) {
  switch (value.type) {
    case LAMINA_F32: return ElementAs<float>(value, i);
    case LAMINA_F64: return ElementAs<double>(value, i);
    case LAMINA_BF16: {
      BFloat16 element;
      std::memcpy(&element, value.bytes.data() + i * 2, 2);
      return float(element);
    }
    case LAMINA_I8: return ElementAs<int8_t>(value, i);
    case LAMINA_I16: return ElementAs<int16_t>(value, i);
    case LAMINA_I32: return ElementAs<int32_t>(value, i);
    case LAMINA_I64: return ElementAs<int64_t>(value, i);
    case LAMINA_U16: case LAMINA_F16: return ElementAs<uint16_t>(value, i);
    case LAMINA_U32: return ElementAs<uint32_t>(value, i);
    case LAMINA_U64: return ElementAs<uint64_t>(value, i);
    default: return ElementAs<uint8_t>(value, i);
  }
}

bool Near(double got, double expected, double atol, double rtol) {
  if (std::isnan(got) || std::isnan(expected)) return std::isnan(got) && std::isnan(expected);
  if (std::isinf(got) || std::isinf(expected)) return got == expected;
  return std::abs(got - expected) <= atol + rtol * std::abs(expected);
}

std::string Shape(const Value& value) {
  std::string text = std::string(TypeName(value.type)) + "[";
  for (size_t i = 0; i < value.dims.size(); ++i) text += (i ? "," : "") + std::to_string(value.dims[i]);
  return text + "]";
}

std::string ElementText(const Value& value, size_t i) {
  if (value.type == LAMINA_STRING) return "\"" + value.strings[i] + "\"";
  if (value.type == LAMINA_I64) return std::to_string(value.As<int64_t>()[i]);
  if (value.type == LAMINA_U64) return std::to_string(value.As<uint64_t>()[i]);
  char text[32];
  std::snprintf(text, sizeof(text), "%.9g", Element(value, i));
  return text;
}

// Of elements of whole bytes, or of the bytes of packed ones.
bool SameBits(const Value& a, const Value& b, size_t i) {
  const size_t width = std::max<size_t>(BitsOf(a.type) / 8, 1);
  return std::memcmp(&a.bytes[i * width], &b.bytes[i * width], width) == 0;
}

template <class Same>
std::string FirstDifference(const Value& got, const Value& expected, Same same) {
  if (got.type != expected.type || got.dims != expected.dims)
    return "got " + Shape(got) + ", expected " + Shape(expected);
  if (got.bytes == expected.bytes && got.strings == expected.strings) return "";
  const bool packed = BitsOf(got.type) < 8 && got.type != LAMINA_STRING;
  const size_t count = packed ? got.bytes.size() : got.size();
  for (size_t i = 0; i < count; ++i) {
    if (got.type == LAMINA_STRING ? got.strings[i] == expected.strings[i] : same(i)) continue;
    return "element " + std::to_string(i) + " of " + Shape(got) + " is " + ElementText(got, i) + ", expected " +
           ElementText(expected, i);
  }
  return "";
}

}  // namespace

size_t BitsOf(int32_t type) {
  switch (type) {
    case LAMINA_STRING: case LAMINA_DYNAMIC: return 0;
    case LAMINA_U1: return 1;
    case LAMINA_U2: return 2;
    case LAMINA_U3: return 3;
    case LAMINA_I4: case LAMINA_U4: case LAMINA_NF4: case LAMINA_F4E2M1: return 4;
    case LAMINA_U6: return 6;
    case LAMINA_BF16: case LAMINA_F16: case LAMINA_I16: case LAMINA_U16: return 16;
    case LAMINA_F32: case LAMINA_I32: case LAMINA_U32: return 32;
    case LAMINA_F64: case LAMINA_I64: case LAMINA_U64: return 64;
    default: return 8;
  }
}

size_t Value::size() const {
  size_t size = 1;
  for (const int64_t dim : dims) size *= size_t(dim);
  return size;
}

Value Value::Zeros(int32_t type, std::vector<int64_t> dims) {
  Value value;
  value.type = type;
  value.dims = std::move(dims);
  if (type == LAMINA_STRING) {
    value.strings.resize(value.size());
  } else {
    value.bytes.resize((value.size() * BitsOf(type) + 7) / 8);
  }
  return value;
}

std::string Difference(const Value& got, const Value& expected, double atol, double rtol) {
  const bool is_wide = got.type == LAMINA_I64 || got.type == LAMINA_U64;  // a double does not hold all of their values
  return FirstDifference(got, expected, [&](size_t i) {
    return is_wide ? SameBits(got, expected, i) : Near(Element(got, i), Element(expected, i), atol, rtol);
  });
}

std::string DifferenceInBits(const Value& got, const Value& expected) {
  return FirstDifference(got, expected, [&](size_t i) {
    return SameBits(got, expected, i) || (std::isnan(Element(got, i)) && std::isnan(Element(expected, i)));
  });
}

std::string ToString(const Value& value) {
  constexpr size_t kShown = 16;
  if (value.absent) return "absent";
  std::string text = Shape(value) + "{";
  const bool packed = BitsOf(value.type) < 8 && value.type != LAMINA_STRING;
  const size_t count = packed ? value.bytes.size() : value.size();
  for (size_t i = 0; i < std::min(count, kShown); ++i) text += (i ? ", " : "") + ElementText(value, i);
  return text + (count > kShown ? ", ...}" : "}");
}

}  // namespace lamina::testkit
