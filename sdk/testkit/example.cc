#include "sdk/testkit/example.h"

#include <cctype>
#include <charconv>
#include <map>
#include <stdexcept>

#include "sdk/loader/table.h"

namespace lamina::testkit {
namespace {

// One number or text as written.
struct Scalar {
  bool is_text = false, is_real = false;
  std::string text;
};

bool IsReal(const std::string& word) { return word.find_first_of(".eEnN") != std::string::npos; }

class Parser {
 public:
  Parser(const std::string& text, const lamina_layer& layer) : text_(text), layer_(layer) {}

  Example Parse() {
    while (SkipBlanks(), !Accept("->")) Item();
    right_ = true;
    while (SkipBlanks(), at_ < text_.size()) Item();
    for (const auto& port : loader::Inputs(layer_)) {
      const auto found = inputs_.find(port.name);
      example_.inputs.push_back(found == inputs_.end() ? Value::Absent() : std::move(found->second));
    }
    while (!example_.inputs.empty() && example_.inputs.back().absent) example_.inputs.pop_back();
    return std::move(example_);
  }

 private:
  void Item() {
    const std::string name = Word("a name");
    Expect("=");
    if (Accept("[")) return AddList(name, Scalars(']'));
    if (Peek() == '"' || std::isdigit(Peek()) || Peek() == '-' || Peek() == '+') return AddScalar(name, OneScalar());
    const std::string word = Word("a value");
    if (word == "ints" || word == "floats" || word == "strings") return AddEmpty(name, word);
    if (Peek() != '[') return AddScalar(name, {false, true, word});  // nan, inf
    AddTensor(name, TensorOfType(word));
  }

  void AddScalar(const std::string& name, const Scalar& value) {
    if (value.is_text) {
      example_.attributes.String(name, value.text);
    } else if (value.is_real) {
      example_.attributes.Float(name, Number<float>(value));
    } else {
      example_.attributes.Int(name, Number<int64_t>(value));
    }
  }
  void AddEmpty(const std::string& name, const std::string& kind) {
    Expect("[");
    Expect("]");
    if (kind == "ints") example_.attributes.Ints(name, {});
    if (kind == "floats") example_.attributes.Floats(name, {});
    if (kind == "strings") example_.attributes.Strings(name, {});
  }
  void AddList(const std::string& name, const std::vector<Scalar>& values) {
    if (values.empty()) Fail("an empty list; write ints[], floats[] or strings[]");
    bool real = false;
    for (const auto& value : values) real |= value.is_real;
    if (values[0].is_text) {
      example_.attributes.Strings(name, Texts(values));
    } else if (real) {
      example_.attributes.Floats(name, Numbers<float>(values));
    } else {
      example_.attributes.Ints(name, Numbers<int64_t>(values));
    }
  }
  void AddTensor(const std::string& name, Value value) {
    if (right_) return example_.outputs.push_back(std::move(value));
    for (const auto& port : loader::Inputs(layer_)) {
      if (name == port.name) return void(inputs_[name] = std::move(value));
    }
    example_.attributes.Tensor(name, std::move(value));
  }

  Value TensorOfType(const std::string& type) {
    Expect("[");
    std::vector<int64_t> dims = Numbers<int64_t>(Scalars(']'));
    Expect("{");
    const std::vector<Scalar> elements = Scalars('}');
    Value value = Make(type, elements);
    value.dims = std::move(dims);
    if (value.size() != elements.size()) {
      Fail(std::to_string(elements.size()) + " elements, expected " + std::to_string(value.size()));
    }
    return value;
  }
  Value Make(const std::string& type, const std::vector<Scalar>& elements) {
    if (type == "string") return Value::Strings({}, Texts(elements));
    if (type == "f32") return Value::Of<float>({}, Numbers<float>(elements));
    if (type == "f64") return Value::Of<double>({}, Numbers<double>(elements));
    if (type == "i64") return Value::Of<int64_t>({}, Numbers<int64_t>(elements));
    if (type == "i32") return Value::Of<int32_t>({}, Numbers<int32_t>(elements));
    if (type == "u32") return Value::Of<uint32_t>({}, Numbers<uint32_t>(elements));
    if (type == "u64") return Value::Of<uint64_t>({}, Numbers<uint64_t>(elements));
    if (type == "i8") return Value::Of<int8_t>({}, Numbers<int8_t>(elements));
    if (type == "u8") return Value::Of<uint8_t>({}, Numbers<uint8_t>(elements));
    if (type == "bool") {
      Value value = Value::Of<uint8_t>({}, Numbers<uint8_t>(elements));
      value.type = LAMINA_BOOL;
      return value;
    }
    Fail("tensors of type '" + type + "' cannot be written in an example");
  }

  std::vector<Scalar> Scalars(char end) {
    std::vector<Scalar> values;
    SkipBlanks();
    if (Accept(std::string(1, end))) return values;
    do {
      SkipBlanks();
      values.push_back(OneScalar());
      SkipBlanks();
    } while (Accept(","));
    Expect(std::string(1, end));
    return values;
  }
  Scalar OneScalar() {
    Scalar value;
    if (Accept("\"")) {
      value.is_text = true;
      while (Peek() != '"') value.text += (Accept("\\"), Next());
      Next();
      return value;
    }
    while (std::isalnum(Peek()) || Peek() == '.' || Peek() == '-' || Peek() == '+') value.text += Next();
    if (value.text.empty()) Fail("expected a number or a text");
    value.is_real = IsReal(value.text);
    return value;
  }

  template <class T>
  T Number(const Scalar& scalar) {
    T value = {};
    const char *begin = scalar.text.data(), *end = begin + scalar.text.size();
    const auto [stop, error] = std::from_chars(begin + (*begin == '+'), end, value);
    if (scalar.is_text || error != std::errc() || stop != end) Fail("'" + scalar.text + "' is no number of that type");
    return value;
  }
  template <class T>
  std::vector<T> Numbers(const std::vector<Scalar>& scalars) {
    std::vector<T> numbers;
    numbers.reserve(scalars.size());
    for (const auto& scalar : scalars) numbers.push_back(Number<T>(scalar));
    return numbers;
  }
  static std::vector<std::string> Texts(const std::vector<Scalar>& scalars) {
    std::vector<std::string> texts;
    texts.reserve(scalars.size());
    for (const auto& scalar : scalars) texts.push_back(scalar.text);
    return texts;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char Next() {
    if (at_ >= text_.size()) Fail("it ends too early");
    return text_[at_++];
  }
  void SkipBlanks() {
    while (Peek() == ' ') ++at_;
  }
  bool Accept(const std::string& token) {
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }
  void Expect(const std::string& token) {
    if (!Accept(token)) Fail("expected '" + token + "'");
  }
  std::string Word(const char* what) {
    std::string word;
    while (std::isalnum(Peek()) || Peek() == '_' || Peek() == '.') word += Next();
    if (word.empty()) Fail(std::string("expected ") + what);
    return word;
  }
  [[noreturn]] void Fail(const std::string& why) const {
    throw std::invalid_argument("at position " + std::to_string(at_) + ": " + why);
  }

  const std::string& text_;
  const lamina_layer& layer_;
  size_t at_ = 0;
  bool right_ = false;
  std::map<std::string, Value> inputs_;
  Example example_;
};

}  // namespace

Example ParseExample(const std::string& text, const lamina_layer& layer) { return Parser(text, layer).Parse(); }

}  // namespace lamina::testkit
