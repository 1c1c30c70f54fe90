"""Extension libraries: bad ones of every kind beside models that do not need them, good ones of every kind."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

import numpy as np
import openvino_tokenizers
import pytest
import tritonclient.grpc as triton

from . import models
from .conftest import BIN, ROOT, SANITIZED, STOP_SECONDS
from .free_port import free_port
from .lifecycle_test import eventually
from .own_layers import infer, make_layers, save_model_of

SOURCES = {
    "no_entry": 'extern "C" int answer() { return 42; }',
    "old_abi": 'extern "C" int CreateExtension(void*&, void*) noexcept { return 0; }',
    "throws": '#include <stdexcept>\nextern "C" void create_extensions(void*) { throw std::runtime_error("no licence"); }',
    "throws_early": '#include <stdexcept>\nint f() { throw std::runtime_error("no licence"); }\nint started = f();\n'
                    'extern "C" void create_extensions(void*) {}',
    "exits": '#include <cstdlib>\nint started = (std::exit(0), 1);\nextern "C" void create_extensions(void*) {}',
    "exits_at_once": '#include <unistd.h>\nint started = (_exit(3), 1);\nextern "C" void create_extensions(void*) {}',
    "aborts": '#include <cstdlib>\nint started = (std::abort(), 1);\nextern "C" void create_extensions(void*) {}',
    "divides": '#include <csignal>\nint started = std::raise(SIGFPE);\nextern "C" void create_extensions(void*) {}',
    "illegal": 'int f() { __builtin_trap(); }\nint started = f();\nextern "C" void create_extensions(void*) {}',
    "unresolved": 'int nowhere_defined();\nextern "C" void create_extensions(void*) { nowhere_defined(); }',
    "layers_throw": '#include <lamina/layer.h>\n#include <stdexcept>\nint f() { throw std::runtime_error("no licence"); }\n'
                    'int started = f();\nstruct Same { void Compute(lamina::In<float>, lamina::Out<float>) const {} };\n'
                    'LAMINA_LAYER(Same, .Onnx("my.domain").SameShape());',
}

# Of two files, say: none that the compiler sees is wrong.
SOURCES["two_of_a_name"] = "#include <lamina/layer.h>\n" + "".join(
    "namespace %s { struct Same { void Compute(lamina::In<float>, lamina::Out<float>) const {} };\n"
    'LAMINA_LAYER(Same, .Onnx("%s").SameShape()); }\n' % (domain, domain) for domain in ("one", "other"))

TRIPLE = """
#include <lamina/layer.h>

float factor();

struct Triple {
  void Compute(lamina::In<float> x, lamina::Out<float> y) const {
    for (size_t i = 0; i < x.size(); ++i) y[i] = factor() * x[i];
  }
};
LAMINA_LAYER(Triple, .Doc("3 x").Onnx("my.domain").SameShape());
"""

THREW = " threw while it was loaded: no licence; an error in its start-up code, correct it"

# What the log says of each, besides its path.
SENTENCES = {
    "missing": "No such file", "folder": "is a directory", "text": "not a shared library", "no_entry": "has no entry point",
    "old_abi": "2019", "throws": "no licence", "throws_early": THREW, "layers_throw": THREW, "aborts": "Aborted", "divides": "Floating point",
    "exits": "exit code 0", "exits_at_once": "exit code 3", "illegal": "build it for this CPU", "unresolved": " cannot be loaded: undefined symbol: ",
    "two_of_a_name": "two layers are named 'Same'",
}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """Bad libraries by the name of what is wrong with them."""
    folder = tmp_path_factory.mktemp("libraries")
    paths = {"missing": folder / "missing.so", "folder": folder, "text": folder / "text.so"}
    paths["text"].write_text("this is no library")
    for name, source in SOURCES.items():
        paths[name] = folder / f"{name}.so"
        subprocess.run(["c++", "-std=c++20", "-shared", "-fPIC", "-w", "-x", "c++", "-", "-o", paths[name], f"-I{ROOT}/sdk/include"],
                       input=source, text=True, check=True)
    return paths


def check_tiny(server, model="tiny"):
    x = np.ones((2, 4), np.float32)
    np.testing.assert_allclose(infer(server, model, x=("FP32", x)).as_numpy("y"), models.tiny_reference(x), rtol=1e-5)


def check_labels(server, model="labels"):
    text = np.array([label.encode() for label in models.LABELS], np.object_)
    result = infer(server, model, text=("BYTES", text), index=("INT64", np.arange(3)))
    assert result.as_numpy("code").tolist() == [0, 1, 2]


def error_line(log, path):
    """The line that is about a library, not about one whose path begins with its."""
    return next(line for line in log.splitlines() if " E " in line and (f"'{path}'" in line or f" {path} " in line or f" {path}:" in line))


def test_every_bad_library_has_its_sentence_and_harms_nobody(start, models_dir, libraries):
    paths = ":".join(str(libraries[name]) for name in SENTENCES)
    server = start("lamina", "serve", "--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", "0",
                   environment={"CPU_EXTENSION": paths}).wait_until_serving()
    check_tiny(server)
    for name, sentence in SENTENCES.items():
        assert sentence in error_line(server.log, libraries[name])
    assert "/proc/self" not in server.log, "the path of a copy tells nobody which library it was"
    assert server.stop() == 0


def test_a_model_that_needs_a_bad_library_says_so(start, models_dir, libraries, tmp_path):
    wanting = tmp_path / "wanting"
    graph = models.helper.make_graph([models.helper.make_node("Frobnicate", ["x"], ["y"], domain="my.domain")], "g",
                                     [models._value("x", models.TensorProto.FLOAT, [1])],
                                     [models._value("y", models.TensorProto.FLOAT, [1])])
    models.save(wanting, 1, graph, (("", 17), ("my.domain", 1)))
    config = {"model_config_list": [{"config": {"name": "tiny", "base_path": str(models_dir / "tiny")}},
                                    {"config": {"name": "wanting", "base_path": str(wanting)}}]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0", "--cpu_extension",
                   libraries["throws"]).wait_until_serving()
    check_tiny(server)
    line = next(line for line in server.log.splitlines() if "model 'wanting' version 1 cannot be loaded" in line)
    assert "Frobnicate" in line and "no licence" in line


def test_our_own_library_is_found_beside_the_server(start, models_dir):
    server = start("lamina", "serve", "--model_name", "labels", "--model_path", models_dir / "labels", "--port", "0")
    check_labels(server.wait_until_serving())


def test_an_empty_name_switches_libraries_off(start, models_dir):
    server = start("lamina", "serve", "--model_name", "labels", "--model_path", models_dir / "labels", "--port", "0",
                   environment={"CPU_EXTENSION": ""})
    assert server.wait_until_ended() == 1
    assert "LabelEncoder" in server.log


def test_our_own_library_by_its_path(start, models_dir):
    own = BIN.parent / "lib/libcpu_extension.so"
    server = start("lamina", "serve", "--model_name", "labels", "--model_path", models_dir / "labels", "--port", "0",
                   environment={"CPU_EXTENSION": str(own)})
    check_labels(server.wait_until_serving())


def test_a_native_extension_beside_our_own(start, models_dir, tmp_path):
    """openvino-tokenizers, as it comes from its package: a tokenizer and a layer of ours in one server."""
    library = pathlib.Path(openvino_tokenizers.__file__).parent / "lib/libopenvino_tokenizers.so"
    model = tmp_path / "case"
    _lower_case_model(model / "1")
    config = {"model_config_list": [{"config": {"name": "labels", "base_path": str(models_dir / "labels")}},
                                    {"config": {"name": "case", "base_path": str(model)}}]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    # That package's library leaves memory behind when it is unloaded.
    no_leaks = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0",
                   environment={"CPU_EXTENSION": str(library), "ASAN_OPTIONS": no_leaks}).wait_until_serving()
    check_labels(server)
    text = np.array(["GROSSE Maus".encode(), b""], np.object_)
    assert infer(server, "case", text=("BYTES", text)).as_numpy("lower").tolist() == [b"grosse maus", b""]


def _lower_case_model(folder):
    """An IR with an operation of openvino-tokenizers."""
    import openvino as ov
    from openvino import opset15 as ops
    from openvino_tokenizers import _get_factory
    text = ops.parameter([-1], ov.Type.string, name="text")
    unpacked = _get_factory().create("StringTensorUnpack", text.outputs())
    lower = _get_factory().create("CaseFold", unpacked.outputs(), {"encoding": "utf-8"})
    packed = _get_factory().create("StringTensorPack", lower.outputs())
    packed.output(0).set_names({"lower"})
    text.output(0).set_names({"text"})
    folder.mkdir(parents=True)
    ov.save_model(ov.Model([packed.output(0)], [text], "case"), folder / "model.xml")


# Our own library reads it when it is loaded, and was blamed for what it names.
def test_layers_of_the_environment_are_ignored_with_a_warning(start, models_dir, libraries):
    variables = {"LAMINA_LAYERS": str(libraries["layers_throw"])}
    server = start("lamina", "serve", "--model_name", "labels", "--model_path", models_dir / "labels", "--port", "0",
                   environment=variables).wait_until_serving()
    check_labels(server)
    check = subprocess.run([BIN / "lamina", "check", models_dir / "labels/1/model.onnx"], env={**os.environ, **variables},
                           text=True, capture_output=True)
    assert check.returncode == 0 and "the server can serve it" in check.stdout, check.stderr
    for said in (server.log, check.stderr):
        assert "LAMINA_LAYERS" in said and "--cpu_extension" in said and " E " not in said


def test_prepare_takes_the_libraries_of_the_server(models_dir, libraries, tmp_path):
    """Those of CPU_EXTENSION, beside our own; it reads them and loads none."""
    models.save(tmp_path / "same", 1, models.helper.make_graph(
        [models.helper.make_node("Same", ["x"], ["y"], domain="my.domain")], "g",
        [models._value("x", models.TensorProto.FLOAT, ["n"])],
        [models._value("y", models.TensorProto.FLOAT, ["n"])]), (("", 17), ("my.domain", 1)))

    def prepare(model, **variables):
        return subprocess.run([BIN / "lamina", "prepare", model, tmp_path / "out.onnx"], env={**os.environ, **variables},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    same, labels = tmp_path / "same/1/model.onnx", models_dir / "labels/1/model.onnx"
    assert "my.domain.Same" in prepare(same).stdout and prepare(same).returncode == 1
    for model in (same, labels):
        done = prepare(model, CPU_EXTENSION=str(libraries["layers_throw"]))
        assert done.returncode == 0 and "goes to a layer" in done.stdout, done.stdout
    assert prepare(labels, CPU_EXTENSION="").returncode == 1


def test_a_layer_that_no_model_can_reach_is_told():
    library = BIN.parent / "sdk/testkit/testdata/libprove_unreachable.so"
    for command in ("inspect", "prove"):
        done = subprocess.run([BIN / "lamina", command, library], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0 and "no operator" in done.stdout, done.stdout


def test_layers_that_are_not_clear_are_told_by_every_command(libraries):
    for command in ("inspect", "prove"):
        done = subprocess.run([BIN / "lamina", command, libraries["two_of_a_name"]], stderr=subprocess.PIPE, text=True)
        sentence = f"error: '{libraries['two_of_a_name']}': two layers are named 'Same'; give one of them another name, .Name(...)\n"
        assert (done.returncode, done.stderr) == (1, sentence)


def test_an_extension_for_one_model_alone(start, models_dir, libraries, tmp_path):
    config = {"model_config_list": [{"config": {"name": "tiny", "base_path": str(models_dir / "tiny")}},
                                    {"config": {"name": "odd", "base_path": str(models_dir / "tiny"),
                                                "cpu_extension": str(libraries["aborts"])}}]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0").wait_until_serving()
    check_tiny(server)
    check_tiny(server, "odd")
    assert "Aborted" in error_line(server.log, libraries["aborts"])


def test_a_library_is_served_though_its_file_and_temporary_files_go(start, models_dir, tmp_path):
    """What was tried is what every later load gets, with the library that it finds beside itself; nothing is left behind."""
    for folder in ("lib", "temporary"):
        (tmp_path / folder).mkdir()
    compile = ["c++", "-std=c++20", "-shared", "-fPIC", "-w", "-x", "c++", "-"]
    subprocess.run([*compile, "-o", tmp_path / "lib/libfactor.so", "-Wl,-soname,libfactor.so"],
                   input="float factor() { return 3; }", text=True, check=True)
    library = tmp_path / "lib/libtriple.so"
    subprocess.run([*compile, "-o", library, f"-I{ROOT}/sdk/include", f"-L{library.parent}", "-lfactor", "-Wl,-rpath,$ORIGIN"],
                   input=TRIPLE, text=True, check=True)
    models.save(tmp_path / "triple", 1, models.helper.make_graph(
        [models.helper.make_node("Triple", ["x"], ["y"], domain="my.domain")], "g",
        [models._value("x", models.TensorProto.FLOAT, ["n"])],
        [models._value("y", models.TensorProto.FLOAT, ["n"])]), (("", 17), ("my.domain", 1)))
    config = {"model_config_list": [{"config": {"name": "tiny", "base_path": str(models_dir / "tiny")}}]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0",
                   environment={"CPU_EXTENSION": str(library), "TMPDIR": str(tmp_path / "temporary")}).wait_until_serving()
    assert not list((tmp_path / "temporary").iterdir())
    library.write_text("another one")
    library.unlink()
    with triton.InferenceServerClient(server.address) as client:
        client.load_model("triple", config=json.dumps({"base_path": str(tmp_path / "triple")}))
        client.load_model("again", config=json.dumps({"base_path": str(models_dir / "tiny")}))
    assert infer(server, "triple", x=("FP32", np.array([1, 2], np.float32))).as_numpy("y").tolist() == [3, 6]
    check_tiny(server, "again")


def test_two_libraries_with_one_operator_are_told(start, models_dir, tmp_path):
    source = TRIPLE.replace("float factor();", "float factor() { return %d; }")
    one, other = (make_layers(tmp_path / f"{n}.so", source % n) for n in (3, 4))
    own = make_layers(tmp_path / "own.so", (source % 5).replace('"my.domain"', '"ai.onnx.ml", "LabelEncoder"'))
    save_model_of("Triple", tmp_path / "triple")
    config = {"model_config_list": [{"config": {"name": "m", "base_path": str(tmp_path / "triple"), "cpu_extension": str(other)}}]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0", "--cpu_extension",
                   f"{one}:{own}").wait_until_serving()
    assert infer(server, "m", x=("FP32", np.array([1], np.float32))).as_numpy("y").tolist() == [4], "the later one"
    lines = [line for line in server.log.splitlines() if " both take " in line]
    assert [line.split()[2] for line in lines] == ["I", "W"], lines
    assert f"all models: {BIN.parent}/lib/libcpu_extension.so and {own} both take ai.onnx.ml.LabelEncoder;" in lines[0]
    assert "1 layer (Triple)" in server.log
    assert f"model 'm': {one} and {other} both take my.domain.Triple; the layers of {other} count" in lines[1]


def test_a_library_that_a_later_config_json_names_is_told_once(start, models_dir, tmp_path):
    """Models that do not need it are served: without a line nobody would know that it is not there."""
    library = make_layers(tmp_path / "late.so", TRIPLE.replace("float factor();", "float factor() { return 3; }"))
    model = {"name": "tiny", "base_path": str(models_dir / "tiny")}

    def write(**more):
        (tmp_path / "beside.json").write_text(json.dumps({"model_config_list": [{"config": {**model, **more}}]}))
        (tmp_path / "beside.json").rename(tmp_path / "config.json")

    write()
    server = start("lamina", "serve", "--config_path", tmp_path / "config.json", "--port", "0",
                   environment={"FILE_SYSTEM_POLL_WAIT_SECONDS": "0.05"}).wait_until_serving()
    for loads in (2, 3):
        write(cpu_extension=str(library), nireq=loads)
        eventually(lambda: server.log.count(": available after ") == loads)
    check_tiny(server)
    lines = [line for line in server.log.splitlines() if str(library) in line]
    assert len(lines) == 1 and " E " in lines[0], lines
    assert "ABI 0." in lines[0] and "1 layer (Triple), was not named when the server started" in lines[0]


def test_sigterm_while_a_library_is_tried(start, models_dir, tmp_path):
    """Its constructor never returns, for which it has 30 s."""
    library = tmp_path / "hangs.so"
    subprocess.run(["c++", "-shared", "-fPIC", "-w", "-x", "c++", "-", "-o", library], check=True, text=True,
                   input='#include <unistd.h>\nint started = sleep(1000);\nextern "C" void create_extensions(void*) {}')
    port = free_port()
    server = start("lamina", "serve", "--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", port,
                   "--cpu_extension", library)
    assert server.says("libcpu_extension.so: ", STOP_SECONDS)
    time.sleep(1)
    with socket.create_connection(("127.0.0.1", port)):
        pass  # bound, as the documentation says
    children = pathlib.Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    assert children
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 10
    assert "stopped while libraries were tried" in server.log and "loading" not in server.log
    assert not any(pathlib.Path(f"/proc/{child}").exists() for child in children)


@pytest.mark.skipif(SANITIZED, reason="qemu has no place for the memory of a sanitizer")
def test_a_library_for_avx512_on_an_older_cpu(start, models_dir, tmp_path):
    """The server on an emulated CPU that has AVX2 only."""
    library = tmp_path / "avx512.so"
    subprocess.run(["c++", "-shared", "-fPIC", "-w", "-x", "c++", "-", "-Wl,-z,x86-64-v4", "-o", library],
                   input='extern "C" void create_extensions(void*) {}', text=True, check=True)
    server = start(shutil.which("qemu-x86_64"), "-cpu", "Haswell", BIN / "lamina", "serve", "--model_name", "tiny",
                   "--model_path", models_dir / "tiny", "--port", "0",
                   environment={"CPU_EXTENSION": str(library)}).wait_until_serving()
    assert "needs a CPU with AVX-512, this one has AVX2" in error_line(server.log, library)
    check_tiny(server)
