"""Builds the clients in other languages, and the tools, into build/clients; versions are pinned beside their sources."""

import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/clients"
OUT = ROOT / "build/clients"
BIN = OUT / "bin"
PROTOS = ("kserve", "tensorflow", "tensorflow_serving")


def run(*command, cwd=ROOT, **environment):
    """Fails with all that the command says if it does."""
    tool = shutil.which(command[0])
    assert tool, f"'{command[0]}' is not installed: scripts/setup.sh --clients installs what tests/clients needs"
    done = subprocess.run([tool, *map(str, command[1:])], cwd=cwd, env={**os.environ, **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"'{' '.join(map(str, command))}' failed:\n{done.stdout[-4000:]}"
    return done.stdout


def go_build(folder, target, *packages):
    BIN.mkdir(parents=True, exist_ok=True)
    run("go", "build", "-o", target, *packages, cwd=HERE / folder, GOFLAGS="-mod=readonly", GOTOOLCHAIN="local")


def go_protos():
    """Go's code for our protocols, as the module lamina/proto, which go.mod refers to."""
    module = OUT / "go_proto"
    module.mkdir(parents=True, exist_ok=True)
    (module / "go.mod").write_text("module lamina/proto\n\ngo 1.19\n")
    go_build("go", f"{BIN}/", "google.golang.org/protobuf/cmd/protoc-gen-go",
             "google.golang.org/grpc/cmd/protoc-gen-go-grpc")
    files = [f"proto/{p.parent.name}/{p.name}" for folder in PROTOS for p in sorted((ROOT / "proto" / folder).iterdir())]
    options = ",".join([f"M{f}=lamina/proto/{pathlib.Path(f).parent.name}" for f in files] + ["module=lamina/proto"])
    run("protoc", "-I.", f"--go_out={options}:{module}", f"--go-grpc_out={options}:{module}", *files,
        PATH=f"{BIN}:{os.environ['PATH']}")


def grpc_go():
    go_protos()
    go_build("go", BIN / "go_client", ".")
    return [BIN / "go_client"]


def grpc_java():
    out = OUT / "java"
    run("mvn", "-q", "-B", "-f", HERE / "java/pom.xml", f"-Dout={out}", "compile")
    return ["java", "-cp", f"{out}/classes:{out}/libraries/*", "lamina.clients.Client"]


def grpc_js():
    """The packages are put beside a copy of the sources: the source tree stays as it is."""
    out = OUT / "node"
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted((HERE / "node").iterdir()):
        if file.is_file():
            shutil.copy(file, out)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=out)
    return ["node", out / "client.js"]


def grpc_cpp():
    run("cmake", "--build", "build/release", "--target", "grpc_cpp_client")
    return [ROOT / "build/release/bin/grpc_cpp_client"]


def ghz():
    go_build("ghz", BIN / "ghz", "github.com/bojand/ghz/cmd/ghz")
    return BIN / "ghz"


def h2spec():
    go_build("h2spec", BIN / "h2spec", "github.com/summerwind/h2spec/cmd/h2spec")
    return BIN / "h2spec"
