"""OpenVINO with our extension, in a process of its own: a crash there costs one case, not the run.

LAMINA_LIBRARIES names the folder of the libraries under test (build/release/lib without it).
"""

import multiprocessing
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120  # for one model: reading, compiling and every batch


def _tensor(port, value):
    """A copy of an output. OpenVINO's Python gives strings of an empty tensor as doubles."""
    is_string = port.element_type.get_type_name() == "string"
    return np.empty(value.shape, str) if is_string and not value.size else np.array(value)


def _serve(pipe):
    sys.path.insert(0, str(ROOT / "python"))
    import openvino

    import lamina

    core = openvino.Core()
    core.add_extension(lamina.extension_path())
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
                answers.append([(sorted(port.names), _tensor(port, result[port])) for port in compiled.outputs])
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
