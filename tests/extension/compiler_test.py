"""What the compiler says of a layer."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAYER = """
#include <lamina/layer.h>
struct Double {
  void Compute(lamina::In<float> x, lamina::Out<float> y, const lamina::Call& call) %s {
    call.ParallelFor(x.size(), 4096, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) y[i] = 2 * x[i];
    });
  }
};
LAMINA_LAYER(Double, .Onnx("my.domain").SameShape());
"""


def compiled(source):
    """With the words of docs/sdk.md."""
    line = next(line for line in (ROOT / "docs/sdk.md").read_text().splitlines() if line.startswith("g++ "))
    flags = [word for word in line.split()[1:line.split().index("-o")] if word.startswith("-") and not word.startswith("-I")]
    return subprocess.run(["c++", *flags, f"-I{ROOT}/sdk/include", "-x", "c++", "-", "-o", "/dev/null"], input=source, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_a_layer_outside_of_a_namespace_gives_no_warning():
    done = compiled(LAYER % "const")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_compute_that_is_not_const_is_told_in_words():
    done = compiled(LAYER % "")
    assert done.returncode != 0 and "declare Compute as void Compute(...) const" in done.stdout


DECLARED = """
#include <lamina/layer.h>
struct Sum {
  float a = 0, b = 0;
  void Compute(lamina::In<float> x, lamina::In<float> w, lamina::Out<float> y, lamina::Out<float> z) const {}
};
LAMINA_LAYER(Sum, .SameShape() %s);
"""


@pytest.mark.parametrize("declaration, sentence", [
    ('.Attribute<&Sum::a>("a").RawAttribute("b", 2).Attribute<&Sum::b>("a")', "the layer has an attribute of this name already"),
    ('.Inputs("x", "x")', "two inputs of the layer have one name"),
    ('.Input("w1").Input("w1")', "the layer has an input of this name already"),
    ('.Outputs("y", "y")', "two outputs of the layer have one name"),
    ('.Output("y")', "the layer has an output of this name already"),
    ('.Onnx("my.domain", "Sum", 5, 3)', "end before they begin"),
])
def test_a_declaration_that_makes_no_sense_is_an_error(declaration, sentence):
    done = compiled(DECLARED % declaration)
    assert done.returncode != 0 and sentence in done.stdout and "Define<Sum>" in done.stdout


def test_a_declaration_that_makes_sense_is_taken():
    done = compiled(DECLARED % ('.Inputs("w", "x").Outputs("x", "w").Attribute<&Sum::a>("x").Onnx("my.domain", "Sum", 1, 3)'
                                '.Onnx("my.domain", "Sum", 4).Onnx("other.domain", "Sum", 4, 4).TensorFlow("Sum")'))
    assert (done.returncode, done.stdout) == (0, "")
