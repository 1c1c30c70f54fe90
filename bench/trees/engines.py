"""The engines that read the ONNX file: onnxruntime, and OpenVINO with our extension; and the list of all engines."""

from __future__ import annotations

import numpy as np

from bench import machine
from bench.trees import compiled, native
from bench.trees.empty import empty_model
from bench.trees.job import Engine, Job


class OnnxRuntime:
    """onnxruntime: the 1.0 of every ratio, and the answers that all others are held against."""

    def __init__(self, job: Job):
        self._session = self._open(str(job.onnx), job.threads)
        self._empty = self._open(empty_model(job.features), job.threads)
        self._input = self._session.get_inputs()[0].name

    @staticmethod
    def why_not(job: Job) -> str | None:
        return None

    @staticmethod
    def _open(model: str | bytes, threads: int):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._session.run(None, {self._input: x})[-1]

    def labels(self, x: np.ndarray) -> np.ndarray | None:
        outputs = self._session.run(None, {self._input: x})
        return outputs[0] if len(outputs) == 2 else None

    def empty(self, x: np.ndarray) -> np.ndarray:
        return self._empty.run(None, {"input": x})[0]

    def facts(self) -> dict[str, str]:
        import onnxruntime

        return {"onnxruntime": onnxruntime.__version__}


class OpenVino:
    """OpenVINO with the extension library added: the model reshaped to the batch, which saves the engine's work on shapes.

    Small inputs are copied to the request's own memory, which is quicker than telling the engine about other memory;
    large ones are wrapped. Outputs are handed out in place. Where all cores may be used the engine gets no arena of its
    own, to whose cores it would bind the caller's thread before every inference and back after it: three system calls.
    """

    _COPY_UP_TO = 1 << 16  # bytes

    def __init__(self, job: Job):
        import openvino

        self._openvino = openvino
        self._threads = job.threads
        self._core = openvino.Core()
        self._core.add_extension(str(job.extension))
        self._model = self._core.read_model(str(job.onnx))
        self._empty = self._core.read_model(empty_model(job.features))
        self._score = len(self._model.outputs) - 1
        self._requests: dict = {}

    @staticmethod
    def why_not(job: Job) -> str | None:
        return None if job.extension.exists() else f"no extension library at {job.extension}: build it first"

    def _shape_for(self, x: np.ndarray) -> tuple[int, ...]:
        return x.shape

    def _request(self, model, x: np.ndarray):
        shape = self._shape_for(x)
        key = (model is self._empty, shape)
        if key not in self._requests:
            hints = {
                "INFERENCE_PRECISION_HINT": "f32",
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_NUM_THREADS": self._threads,
                "ENABLE_CPU_PINNING": False,
                "EXCLUSIVE_ASYNC_REQUESTS": self._threads >= machine.cpu().cores,
            }
            model = model.clone()
            model.reshape(list(shape))
            self._requests[key] = self._core.compile_model(model, "CPU", hints).create_infer_request()
        return self._requests[key]

    def _run(self, model, x: np.ndarray, output: int) -> np.ndarray:
        request = self._request(model, x)
        if x.nbytes <= self._COPY_UP_TO:
            self._set_small(request, x)
        else:
            request.set_input_tensor(self._openvino.Tensor(x, shared_memory=True))
        request.infer(share_outputs=True)
        return request.get_output_tensor(output).data

    def _set_small(self, request, x: np.ndarray) -> None:
        request.get_input_tensor().data[:] = x

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._run(self._model, x, self._score)

    def labels(self, x: np.ndarray) -> np.ndarray | None:
        return self._run(self._model, x, 0) if self._score == 1 else None

    def empty(self, x: np.ndarray) -> np.ndarray:
        return self._run(self._empty, x, 0)

    def facts(self) -> dict[str, str]:
        return {"openvino": self._openvino.get_version()}


class OpenVinoDynamic(OpenVino):
    """The same with the batch left open: the engine asks the layer for its shapes before every inference."""

    def _shape_for(self, x: np.ndarray) -> tuple[int, ...]:
        return (-1, *x.shape[1:])

    def _set_small(self, request, x: np.ndarray) -> None:
        request.set_input_tensor(self._openvino.Tensor(x, shared_memory=True))


DYNAMIC = "Lamina, any batch"  # a column of its own

ENGINES: dict[str, type[Engine]] = {
    "onnxruntime": OnnxRuntime,
    "lamina": OpenVino,
    DYNAMIC: OpenVinoDynamic,
    "own library": native.OwnLibrary,
    "daal4py": native.Daal4py,
    "lleaves": compiled.LLeaves,
    "tl2cgen": compiled.Tl2cgen,
}
PEERS = ("own library", "daal4py", "lleaves", "tl2cgen")
