"""One line, `core.add_extension(...)`, is all that stock OpenVINO needs."""

import signal

import onnx

from . import models

RUN = """
import numpy as np, openvino as ov
core = ov.Core()
core.add_extension({extension!r})
model = core.compile_model({model!r}, "CPU", {{"INFERENCE_PRECISION_HINT": "f32"}})
print("values", model(np.ones((2, 3), np.float32))[0].ravel().tolist())
"""


def test_python(python, extension, tree_model):
    done = python(RUN.format(extension=str(extension), model=str(tree_model)))
    assert done.returncode == 0 and f"values [{models.TREE_OUTPUT}, {models.TREE_OUTPUT}]" in done.stdout, done.stdout


def test_nodes_may_outlive_model_and_core(python, extension, tree_model):
    keep = "\nnodes, output = model.get_runtime_model().get_ops(), core.read_model({!r}).outputs[0]\ndel core, model"
    done = python(RUN.format(extension=str(extension), model=str(tree_model)) + keep.format(str(tree_model)))
    assert done.returncode == 0, done.stdout


def test_cpp(run_model, extension, tree_model):
    done = run_model(extension, tree_model)
    assert (done.returncode, done.stdout) == (0, f"{models.TREE_OUTPUT} \n")


def test_what_stock_openvino_says_without_it(python, tree_model):
    done = python(RUN.format(extension="", model=str(tree_model)).replace("core.add_extension('')", ""))
    assert done.returncode != 0 and "TreeEnsembleRegressor" in done.stdout


def test_nothing_but_openvino_and_the_c_runtime_is_needed(extension):
    import subprocess

    dynamic = subprocess.run(["readelf", "-d", extension], text=True, capture_output=True, check=True).stdout
    needed = {line.split("[")[1].rstrip("]") for line in dynamic.splitlines() if "(NEEDED)" in line}
    assert needed <= {"libopenvino.so.2641", "libtbb.so.12", "libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6",
                      "ld-linux-x86-64.so.2"}


def test_libraries_of_the_environment(python, extension, test_layers, tmp_path):
    model = models.save(tmp_path / "m.onnx", models.one_node("test", "LeakyRelu", alpha=0.5))
    done = python(RUN.format(extension=str(extension), model=str(model)), LAMINA_LAYERS=f":{test_layers}:")
    assert done.returncode == 0 and "values [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]" in done.stdout, done.stdout


def test_a_bad_library_of_the_environment_is_named_and_the_rest_works(python, extension, test_layers, tree_model):
    done = python(RUN.format(extension=str(extension), model=str(tree_model)), LAMINA_LAYERS=f"/no/such.so:{test_layers}")
    assert done.returncode == 0 and "values" in done.stdout
    assert "LAMINA_LAYERS" in done.stdout and "/no/such.so" in done.stdout


# An exception leaves the dynamic loader's lock held: the process would wait for ever for the next library.
def test_a_library_of_the_environment_that_throws_ends_the_process_and_is_named(python, extension, throwing_layers, tree_model):
    done = python(RUN.format(extension=str(extension), model=str(tree_model)), LAMINA_LAYERS=str(throwing_layers))
    assert done.returncode == -signal.SIGABRT, done.stdout
    assert f"lamina error: '{throwing_layers}' threw while it was loaded: no licence for this machine" in done.stdout


def test_saved_as_ir(python, extension, tree_model, tmp_path):
    save = """
import openvino as ov
core = ov.Core()
core.add_extension({!r})
ov.save_model(core.read_model({!r}), {!r})
""".format(str(extension), str(tree_model), str(tmp_path / "tree.xml"))
    assert python(save).returncode == 0
    done = python(RUN.format(extension=str(extension), model=str(tmp_path / "tree.xml")))
    assert f"values [{models.TREE_OUTPUT}" in done.stdout, done.stdout


def test_an_error_names_layer_and_node(python, extension, tmp_path):
    model = models.one_node("ai.onnx.ml", "TreeEnsembleRegressor", 3, n_targets=1)
    model.graph.node[0].name = "forest"
    onnx.save(model, tmp_path / "m.onnx")
    done = python(RUN.format(extension=str(extension), model=str(tmp_path / "m.onnx")))
    assert done.returncode != 0 and "TreeEnsembleRegressor" in done.stdout and "'forest'" in done.stdout
