"""What the compiler says of a layer."""

import pathlib
import subprocess

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
