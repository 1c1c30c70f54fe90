"""Builds the samples from an installed SDK that knows nothing of this source tree, for this CPU and for others, and runs
what came out, under qemu where this machine is not the one that it is for. LAMINA_BIN: as in tests/e2e."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("LAMINA_BIN", ROOT / "build/release/bin")).resolve().parent
OPENVINO = next((ROOT / "build/venv/lib").glob("python3*/site-packages/openvino"), None)
DLOPEN = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"


@pytest.fixture(scope="session")
def sdk(tmp_path_factory):
    """The SDK where it was not installed to: installed, then moved."""
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run(["cmake", "--install", BUILD, "--prefix", folder / "staged", "--component", "Unspecified"],
                   check=True, capture_output=True)
    (folder / "staged").rename(folder / "sdk")
    return folder / "sdk"


def build_samples(sdk, build, *arguments, **environment):
    """Runs the script as on a machine that has nothing of ours but the SDK; ccache is a matter of speed."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), "BUILD_DIR": str(build),
             "OpenVINO_DIR": str(OPENVINO / "cmake"), "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
             **{k: v for k, v in os.environ.items() if k.startswith("CCACHE_")},
             "CCACHE_BASEDIR": str(sdk.parent), "CCACHE_NOHASHDIR": "1", "CCACHE_DEPEND": "1"}
    return subprocess.run([sdk / "share/lamina/examples/build_samples.sh", *arguments], env={**clean, **environment},
                          cwd=sdk.parent, capture_output=True, text=True)


@pytest.fixture(scope="session")
def built(sdk):
    """Everything, in the default way. Gives the folder and what the script said."""
    build = sdk.parent / "built"
    run = build_samples(sdk, build)
    assert run.returncode == 0, run.stdout + run.stderr
    return build, run.stdout


@pytest.fixture(scope="session")
def my_layers(sdk, built):
    """The library of one's own for three instruction sets, by name of the set; and what was said."""
    build = sdk.parent / "for_each"
    run = build_samples(sdk, build, "my_layer", "-DENABLE_SSE42=ON", "-DENABLE_AVX2=ON", "-DENABLE_AVX512F=ON")
    assert run.returncode == 0, run.stdout + run.stderr
    return {isa: build / "my_layer" / f"libmy_layer_{isa}.so" for isa in ("sse42", "avx2", "avx512")}


def on(cpu, *command):
    return subprocess.run(["qemu-x86_64", "-cpu", cpu, *command], capture_output=True, text=True)


def test_the_default_build_says_what_it_made_and_proves_it(built):
    build, said = built
    assert (build / "cpu_extension/lib/libcpu_extension.so").exists()
    assert "    cpu_extension/lib/libcpu_extension.so\n" in said and "    my_layer/libmy_layer.so\n" in said
    assert "my_layer 1.0: 2 examples of 2 layers hold; chosen at run time" in said
    assert "libcpu_extension.so: lamina " in said


def test_nothing_is_read_from_the_source_tree(built):
    build, _ = built
    venv, read = str(ROOT / "build/venv"), set()
    for dependencies in build.rglob("*.d"):
        read.update(word for word in dependencies.read_text().split() if word.startswith(str(ROOT)))
    assert not [path for path in read if not path.startswith(venv)]
    assert any(build.rglob("*.o.d"))


def test_a_library_for_an_older_cpu_runs_there(built, my_layers):
    prove = built[0] / "cpu_extension/bin/lamina_prove"
    nehalem = on("Nehalem", prove, my_layers["sse42"])
    assert "2 examples of 2 layers hold; compiled for SSE4.2" in nehalem.stdout, nehalem.stderr
    haswell = on("Haswell", prove, my_layers["avx2"])
    assert "2 examples of 2 layers hold; compiled for AVX2" in haswell.stdout, haswell.stderr
    both = on("Nehalem", prove, built[0] / "my_layer/libmy_layer.so", built[0] / "cpu_extension/lib/libcpu_extension.so")
    assert both.returncode == 0 and both.stdout.count("chosen at run time, offered SSE4.2\n") == 2, both.stdout + both.stderr


@pytest.mark.parametrize("cpu,isa", [("Nehalem", "avx2"), ("Nehalem", "avx512"), ("Haswell", "avx512")])
def test_a_library_for_a_newer_cpu_is_refused_with_words(built, my_layers, cpu, isa):
    loader = on(cpu, "/usr/bin/python3", "-c", DLOPEN, my_layers[isa])
    assert loader.returncode == 1 and "CPU ISA level is lower than required" in loader.stderr
    ours = on(cpu, built[0] / "cpu_extension/bin/lamina_prove", my_layers[isa])
    needed, has = {"avx2": "AVX2", "avx512": "AVX-512"}[isa], {"Nehalem": "SSE4.2", "Haswell": "AVX2"}[cpu]
    assert ours.returncode == 1 and f"needs a CPU with {needed}, this one has {has}; use a library built for it" in ours.stderr


def test_native_is_one_of_the_three(sdk, built):
    build = sdk.parent / "native"
    run = build_samples(sdk, build, "my_layer", "-DENABLE_NATIVE=ON")
    assert run.returncode == 0, run.stdout + run.stderr
    (library,) = build.rglob("libmy_layer*.so")
    proof = subprocess.run([built[0] / "cpu_extension/bin/lamina_prove", library], capture_output=True, text=True)
    isa = {"sse42": "SSE4.2", "avx2": "AVX2", "avx512": "AVX-512"}[library.stem.removeprefix("libmy_layer_")]
    assert f"hold; compiled for {isa}" in proof.stdout, proof.stderr


@pytest.mark.parametrize("argument,sentence", [
    ("-DENABLE_SSE4=ON", "unknown flag '-DENABLE_SSE4=ON'; there are -DENABLE_SSE42=ON"),
    ("-DENABLE_AVX2=yes", "'-DENABLE_AVX2=yes': say -DENABLE_AVX2=ON or -DENABLE_AVX2=OFF"),
    ("--avx2", "unknown argument '--avx2'; it is none of cpu_extension my_layer"),
])
def test_a_wrong_flag_is_told(sdk, argument, sentence):
    run = build_samples(sdk, sdk.parent / "none", argument)
    assert run.returncode == 1 and sentence in run.stderr
    assert not (sdk.parent / "none").exists()


def folder_of_tools(folder, *without):
    """A PATH that lacks some programs."""
    folder.mkdir()
    for tool in ("bash", "sh", "dirname", "sed", "cat", "tail", "mkdir", "cmake", "make", "c++", "nproc", "find", "sort"):
        if tool not in without:
            (folder / tool).symlink_to(shutil.which(tool))
    return str(folder)


@pytest.mark.parametrize("tool,sentence", [
    ("c++", "no compiler 'c++' on this machine: install g++"), ("cmake", "no cmake on this machine: install CMake 3.25"),
    ("make", "no make on this machine")])
def test_a_missing_tool_is_told(sdk, tmp_path, tool, sentence):
    run = build_samples(sdk, tmp_path / "build", PATH=folder_of_tools(tmp_path / "tools", tool))
    assert run.returncode == 1 and sentence in run.stderr, run.stderr


def test_a_missing_openvino_is_told(sdk, tmp_path):
    elsewhere = build_samples(sdk, tmp_path / "build", OpenVINO_DIR="/nowhere")
    assert "OpenVINO_DIR is '/nowhere', and no OpenVINOConfig.cmake is there" in elsewhere.stderr
    nowhere = build_samples(sdk, tmp_path / "build", OpenVINO_DIR="", PATH=folder_of_tools(tmp_path / "tools"))
    assert "no OpenVINO found: pip install openvino" in nowhere.stderr


def test_the_script_of_the_source_tree_says_where_it_runs(tmp_path):
    run = subprocess.run([ROOT / "examples/build_samples.sh"], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 1 and "this script runs from an installed SDK: cmake --install" in run.stderr


def test_an_example_that_does_not_hold_is_told(sdk, built):
    folder = sdk.parent / "lying"
    shutil.copytree(sdk, folder / "sdk")
    source = folder / "sdk/share/lamina/examples/my_layer/hard_swish.cc"
    source.write_text(source.read_text().replace("y=f32[3]{0,0,3}", "y=f32[3]{0,1,3}"))
    build = folder / "build"
    shutil.copytree(built[0] / "cpu_extension/bin", build / "cpu_extension/bin")
    run = build_samples(folder / "sdk", build, "my_layer")
    assert run.returncode == 1
    assert "HardSwish, example" in run.stdout and "error: a library does not hold what its examples promise" in run.stderr
