// Layers that each try one thing that a layer may do.
#define LAMINA_LIBRARY_NAME "lamina_test"
#define LAMINA_LIBRARY_VERSION "1.0"
#include <lamina/layer.h>

#include <algorithm>
#include <atomic>
#include <cstring>

namespace {

/// y = x where x > 0, alpha * x elsewhere.
struct LeakyRelu {
  float alpha = 0.01f;
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = x[i] > 0 ? x[i] : alpha * x[i];
  }
};
LAMINA_LAYER(LeakyRelu, .Onnx("test").TensorFlow("TestLeakyRelu").Attribute<&LeakyRelu::alpha>("alpha").SameShape());

/// y = x of any type.
struct Copy {
  void Infer(const lamina::Inference& i) const { i.SetOutputLike(0, i.In(0).type(), i.In(0)); }
  void Compute(const lamina::Call& call) const {
    const lamina::Input x = call.In(0);
    const lamina::Output y = call.Out(0);
    if (x.Is<std::string_view>()) {
      for (size_t i = 0; i < x.size(); ++i) y.Set(i, x.As<std::string_view>()[i]);
      return;
    }
    static constexpr int kBytes[] = {0, 1, 2, 2, 4, 8, 0, 1, 2, 4, 8, 0, 0, 0, 0, 0, 1, 2, 4, 8};
    std::memcpy(y.data(), x.data(), x.size() * size_t(kBytes[x.type()]));
  }
};
LAMINA_LAYER(Copy, .Onnx("test").Input("x").Output("y"));

/// y = x + 1, exactly, in the type of x; the type that arrived is what counts.
struct AddOne {
  template <class T>
  void Compute(lamina::In<T> x, lamina::Out<T> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = T(x[i] + 1);
  }
};
LAMINA_LAYER(AddOne, .Onnx("test").ForTypes<int64_t, uint64_t, double, float, int32_t>().SameShape());

/// y[0] = all attributes as text.
struct Describe {
  std::string text;

  static std::string Text(const lamina_attribute& a) {
    std::string text = lamina::Cat(a.name, ":", a.kind, "[", a.count, "]=");
    for (uint64_t i = 0; i < a.count; ++i) {
      if (a.ints) text += lamina::Cat(a.ints[i], ",");
      if (a.floats) text += lamina::Cat(std::bit_cast<uint32_t>(a.floats[i]), ",");
      if (a.strings) text += std::string(a.strings[i].data, a.strings[i].size) + ",";
      if (a.tensors) text += Tensor(lamina::Input(a.tensors[i]));
    }
    return text + ";";
  }
  static std::string Tensor(const lamina::Input& t) {
    std::string text = lamina::TypeName(t.type());
    for (const int64_t dim : t.dims()) text += lamina::Cat("x", dim);
    for (size_t i = 0; i < t.size(); ++i) {
      if (t.Is<int64_t>()) text += lamina::Cat(" ", t.As<int64_t>()[i]);
      if (t.Is<double>()) text += lamina::Cat(" ", std::bit_cast<uint64_t>(t.As<double>()[i]));
      if (t.Is<std::string_view>()) text += " " + std::string(t.As<std::string_view>()[i]);
    }
    return text;
  }
  void Prepare(const lamina::Node& node) {
    text = lamina::Cat(node.domain(), ".", node.operator_name(), "/", node.name(), "/", node.opset(), "/",
                       node.input_count(), "/", node.output_count(), ";");
    for (const char* name : {"i", "f", "s", "is", "fs", "ss", "t", "ts"}) {
      if (const auto* a = node.Find(name)) text += Text(*a);
    }
  }
  void Infer(const lamina::Inference& i) const { i.SetOutput(0, LAMINA_STRING, {1}); }
  void Compute(const lamina::Call& call) const { call.Out(0).Set(0, text); }
};
using lamina::KindBit;
LAMINA_LAYER(Describe, .Onnx("test")
                           .Input("x")
                           .Output("y", lamina::Types<std::string_view>)
                           .RawAttribute("i", KindBit(LAMINA_ATTRIBUTE_INT))
                           .RawAttribute("f", KindBit(LAMINA_ATTRIBUTE_FLOAT))
                           .RawAttribute("s", KindBit(LAMINA_ATTRIBUTE_STRING))
                           .RawAttribute("is", KindBit(LAMINA_ATTRIBUTE_INTS))
                           .RawAttribute("fs", KindBit(LAMINA_ATTRIBUTE_FLOATS))
                           .RawAttribute("ss", KindBit(LAMINA_ATTRIBUTE_STRINGS))
                           .RawAttribute("t", KindBit(LAMINA_ATTRIBUTE_TENSOR))
                           .RawAttribute("ts", KindBit(LAMINA_ATTRIBUTE_TENSORS)));

/// y = x * scale + bias; both may be absent.
struct ScaleBias {
  void Infer(const lamina::Inference& i) const { i.SetOutputLike(0, LAMINA_F32, i.In(0)); }
  void Compute(const lamina::Call& call) const {
    const auto x = call.In(0).As<float>();
    const lamina::Input scale = call.In(1), bias = call.In(2);
    auto* y = static_cast<float*>(call.Out(0).data());
    for (size_t i = 0; i < x.size(); ++i) {
      y[i] = x[i] * (scale.present() ? scale.As<float>()[0] : 1) + (bias.present() ? bias.As<float>()[0] : 0);
    }
  }
};
LAMINA_LAYER(ScaleBias, .Onnx("test")
                            .Input("x", lamina::Types<float>)
                            .OptionalInput("scale", lamina::Types<float>)
                            .OptionalInput("bias", lamina::Types<float>)
                            .Output("y", lamina::Types<float>));

/// sum = all inputs added; least = their element-wise minimum, if anybody reads it; asked = 1 if so.
struct Reduce {
  void Infer(const lamina::Inference& i) const {
    i.SetOutputLike(0, LAMINA_F32, i.In(0));
    i.SetOutput(1, LAMINA_I32, {1});
    i.SetOutputLike(2, LAMINA_F32, i.In(0));
  }
  void Compute(const lamina::Call& call) const {
    const size_t size = call.In(0).size();
    auto* sum = static_cast<float*>(call.Out(0).data());
    *static_cast<int32_t*>(call.Out(1).data()) = call.Out(2).present();
    for (size_t i = 0; i < size; ++i) {
      sum[i] = 0;
      float least = call.In(0).As<float>()[i];
      for (size_t k = 0; k < call.input_count(); ++k) {
        sum[i] += call.In(k).As<float>()[i];
        least = std::min(least, call.In(k).As<float>()[i]);
      }
      if (call.Out(2).present()) static_cast<float*>(call.Out(2).data())[i] = least;
    }
  }
};
LAMINA_LAYER(
    Reduce,
    .Onnx("test").VariadicInput("x", lamina::Types<float>).Output("sum").Output("asked").OptionalOutput("least"));

/// The elements of x above zero, and how many they are.
struct Positive {
  void Infer(const lamina::Inference& i) const {
    i.SetOutput(0, LAMINA_F32, {-1});
    i.SetOutput(1, LAMINA_I32, {1});
  }
  void Compute(const lamina::Call& call) const {
    const auto x = call.In(0).As<float>();
    const int64_t count = std::count_if(x.begin(), x.end(), [](float v) { return v > 0; });
    call.Out(0).Resize({count});
    std::copy_if(x.begin(), x.end(), static_cast<float*>(call.Out(0).data()), [](float v) { return v > 0; });
    *static_cast<int32_t*>(call.Out(1).data()) = int32_t(count);
  }
};
LAMINA_LAYER(Positive, .Onnx("test").Input("x", lamina::Types<float>).Output("y").Output("count"));

/// x's elements above zero, and which they are: 1 for such a one, 0 for others. Or, `hasty`, the former before they
/// have a shape; or, `forgetful`, without one; or, `deep` and `other`, with shapes that Infer has not said.
struct Found {
  bool hasty = false, forgetful = false, deep = false, other = false;
  void Infer(const lamina::Inference& i) const {
    i.SetOutput(0, LAMINA_F32, {-1});
    i.SetOutputLike(1, LAMINA_I32, i.In(0));
  }
  void Compute(lamina::In<float> x, lamina::Out<float> y, lamina::Out<int32_t> found) const {
    for (size_t i = 0; i < x.size(); ++i) found[i] = x[i] > 0;
    if (hasty) y[0] = 1;
    if (forgetful) return;
    if (deep) y.Resize({1, 1});
    if (other) found.Resize({7});
    y.Resize({std::count_if(x.begin(), x.end(), [](float v) { return v > 0; })});
    std::copy_if(x.begin(), x.end(), y.begin(), [](float v) { return v > 0; });
  }
};
LAMINA_LAYER(Found, .Onnx("test")
                        .Attribute<&Found::hasty>("hasty")
                        .Attribute<&Found::forgetful>("forgetful")
                        .Attribute<&Found::deep>("deep")
                        .Attribute<&Found::other>("other"));

/// The words of every string of x, one after another.
struct Words {
  void Infer(const lamina::Inference& i) const { i.SetOutput(0, LAMINA_STRING, {-1}); }
  void Compute(lamina::In<std::string_view> x, lamina::Out<std::string_view> y) const {
    std::vector<std::string_view> words;
    for (size_t i = 0; i < x.size(); ++i) {
      for (size_t begin = 0; begin < x[i].size();) {
        const size_t end = std::min(x[i].find(' ', begin), x[i].size());
        if (end > begin) words.push_back(x[i].substr(begin, end - begin));
        begin = end + 1;
      }
    }
    y.Resize({int64_t(words.size())});
    for (size_t i = 0; i < words.size(); ++i) y.Set(i, words[i]);
  }
};
LAMINA_LAYER(Words, .Onnx("test"));

/// y = x in rows of the size that the constant `columns` says: infer reads a value.
struct Rows {
  void Infer(const lamina::Inference& i) const {
    const lamina::Input columns = i.In(1);
    const bool known = columns.data() && columns.size() == 1;
    i.SetOutput(0, LAMINA_F32, {-1, known ? columns.As<int64_t>()[0] : -1});
  }
  void Compute(const lamina::Call& call) const {
    const auto x = call.In(0).As<float>();
    const int64_t columns = call.In(1).As<int64_t>()[0];
    call.Out(0).Resize({int64_t(x.size()) / columns, columns});
    std::copy(x.begin(), x.end(), static_cast<float*>(call.Out(0).data()));
  }
};
LAMINA_LAYER(Rows, .Onnx("test").Input("x", lamina::Types<float>).Input("columns", lamina::Types<int64_t>).Output("y"));

/// y = [states made in this process, states alive, number of this one].
struct Count {
  static inline std::atomic<int> made = 0, alive = 0;
  int number = 0;
  ~Count() { --alive; }
  void Prepare(const lamina::Node&) {
    number = ++made;
    ++alive;
  }
  void Infer(const lamina::Inference& i) const { i.SetOutput(0, LAMINA_I32, {3}); }
  void Compute(lamina::In<float>, lamina::Out<int32_t> y) const {
    y[0] = made;
    y[1] = alive;
    y[2] = number;
  }
};
LAMINA_LAYER(Count, .Onnx("test"));

/// Every output that is read is x.
struct Copies {
  void Infer(const lamina::Inference& inference) const {
    for (size_t i = 0; i < inference.output_count(); ++i) inference.SetOutput(i, LAMINA_F32, {-1});
  }
  void Compute(const lamina::Call& call) const {
    const auto x = call.In(0).As<float>();
    for (size_t i = 0; i < call.output_count(); ++i) {
      if (!call.Out(i).present()) continue;
      const lamina::Out<float> y(call.abi(), i);
      y.Resize({int64_t(x.size())});
      for (size_t k = 0; k < x.size(); ++k) y[k] = x[k];
    }
  }
};
LAMINA_LAYER(Copies,
             .Onnx("test").Input("x", lamina::Types<float>).Output("y", lamina::Types<float>, LAMINA_PORT_VARIADIC));

/// y = 2 * x on all threads, through scratch memory; threads = how many there are.
struct Parallel {
  void Infer(const lamina::Inference& i) const {
    i.SetOutputLike(0, LAMINA_F32, i.In(0));
    i.SetOutput(1, LAMINA_I32, {2});
  }
  void Compute(lamina::In<float> x, lamina::Out<float> y, lamina::Out<int32_t> seen, const lamina::Call& call) const {
    std::atomic<int> parts = 0;
    call.ParallelFor(x.size(), 16, [&](size_t begin, size_t end) {
      ++parts;
      auto copy = call.Scratch<float>(end - begin);
      lamina::Require(reinterpret_cast<uintptr_t>(copy.data()) % 64 == 0, "scratch is not aligned");
      std::copy(x.data() + begin, x.data() + end, copy.begin());
      for (size_t i = begin; i < end; ++i) y[i] = 2 * copy[i - begin];
    });
    seen[0] = int32_t(call.thread_count());
    seen[1] = parts;
  }
};
LAMINA_LAYER(Parallel, .Onnx("test"));

/// Fails where the attribute `where` says.
struct Fail {
  std::string where, how = "an error";
  void Do(std::string_view place) const {
    if (where != place) return;
    if (how == "bare") throw 42;
    if (how == "long") throw lamina::Error(std::string(5000, 'x'));
    if (how == "std") throw std::runtime_error("a std::exception in " + where);
    throw lamina::Error("no luck in " + where);
  }
  void Prepare(const lamina::Node&) { Do("create"); }
  void Infer(const lamina::Inference& i) const {
    Do("infer");
    if (where == "nothing") return;
    if (where == "type") return i.SetOutputLike(0, LAMINA_I32, i.In(0));
    i.SetOutputLike(0, LAMINA_F32, i.In(0));
  }
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    Do("compute");
    if (where == "thread") return;
    std::copy(x.begin(), x.end(), y.begin());
  }
};
LAMINA_LAYER(Fail, .Onnx("test").Required<&Fail::where>("where").Attribute<&Fail::how>("how"));

/// One operator, two meanings: opset 1 and 2, and opset 3 on, which has an attribute.
struct Old {
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = 1;
  }
};
LAMINA_LAYER(Old, .Onnx("test", "Versioned", 1, 2).SameShape());
struct New {
  int64_t value = 3;
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = float(value);
  }
};
LAMINA_LAYER(New, .Onnx("test", "Versioned", 3, 4).Required<&New::value>("value").SameShape());

/// y = the instruction set that the host allows.
struct Isa {
  int32_t allowed = -1;
  void Prepare(const lamina::Node& node) { allowed = int32_t(node.isa()); }
  void Infer(const lamina::Inference& i) const { i.SetOutput(0, LAMINA_I32, {1}); }
  void Compute(lamina::In<float>, lamina::Out<int32_t> y) const { y[0] = allowed; }
};
LAMINA_LAYER(Isa, .Onnx("test"));

}  // namespace
