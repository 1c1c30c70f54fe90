"""OpenVINO with our extension, in a process of its own: a crash there costs one case, not the run."""

import multiprocessing
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("LAMINA_BUILD", ROOT / "build" / "release"))
LIMIT_S = 120  # for one model: reading, compiling and every batch


def extension_library():
    """The library under test: LAMINA_EXTENSION, or that of the build directory LAMINA_BUILD (build/release)."""
    return Path(os.environ.get("LAMINA_EXTENSION", BUILD / "lib" / "libcpu_extension.so"))


def _serve(pipe):
    sys.path[:0] = [str(ROOT / "python"), str(BUILD / "python")]
    import numpy as np
    import openvino

    import lamina

    core = openvino.Core()
    core.add_extension(str(extension_library()))
    # The engine may otherwise choose bf16, and numbers are compared.
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 2}
    while (message := pipe.recv()) is not None:
        onnx, batches = message
        try:
            compiled = core.compile_model(lamina.read_model(core, onnx), "CPU", settings)
            answers = []
            for feeds in batches:
                known = {name for port in compiled.inputs for name in port.names}
                result = compiled({name: rows for name, rows in feeds.items() if name in known})
                answers.append([(sorted(port.names), np.array(result[port])) for port in compiled.outputs])
            pipe.send(answers)
        except Exception as error:
            pipe.send(f"{type(error).__name__}: {error}")


class Engine:
    """Runs models on our side. Restarts its process when a model has ended it."""

    def __init__(self):
        self._context = multiprocessing.get_context("spawn")
        self._process = None

    def run(self, onnx, batches):
        """For each batch {output name: tensor}. Raises RuntimeError with the engine's words."""
        if self._process is None:
            self._start()
        self._pipe.send((onnx, batches))
        try:
            if not self._pipe.poll(LIMIT_S):
                self._process.kill()
                raise RuntimeError(f"no answer within {LIMIT_S} s")
            answer = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode
            self._process = None
            raise RuntimeError(f"the engine's process ended with code {code} (negative: the signal)") from None
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return [{name: tensor for names, tensor in outputs for name in names} for outputs in answer]

    def close(self):
        """Ends the process. One that a model has damaged may end with a signal: that is said."""
        if self._process is None:
            return
        self._pipe.send(None)
        self._process.join(30)
        code, self._process = self._process.exitcode, None
        if code != 0:
            raise RuntimeError(f"the engine's process ended with code {code} after its last model")

    def _start(self):
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
