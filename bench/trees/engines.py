"""The engines that read the ONNX file: onnxruntime, and OpenVINO with our extension; and the list of all engines."""

from __future__ import annotations

import numpy as np

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
    """OpenVINO as a user has it, with the extension library added: a model with a dynamic batch, an infer request.

    The input is wrapped and the output handed out in place, as onnxruntime does with numpy arrays.
    """

    def __init__(self, job: Job):
        import openvino

        self._tensor = openvino.Tensor
        self._core = openvino.Core()
        self._core.add_extension(str(job.extension))
        self._request = self._open(str(job.onnx), job.threads)
        self._empty = self._open(empty_model(job.features), job.threads)
        self._score = len(self._request.output_tensors) - 1

    @staticmethod
    def why_not(job: Job) -> str | None:
        return None if job.extension.exists() else f"no extension library at {job.extension}: build it first"

    def _open(self, model: str | bytes, threads: int):
        hints = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
        return self._core.compile_model(self._core.read_model(model), "CPU", hints).create_infer_request()

    def _run(self, request, x: np.ndarray, output: int) -> np.ndarray:
        request.set_input_tensor(self._tensor(x, shared_memory=True))
        request.infer(share_outputs=True)
        return request.get_output_tensor(output).data

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._run(self._request, x, self._score)

    def labels(self, x: np.ndarray) -> np.ndarray | None:
        return self._run(self._request, x, 0) if self._score == 1 else None

    def empty(self, x: np.ndarray) -> np.ndarray:
        return self._run(self._empty, x, 0)

    def facts(self) -> dict[str, str]:
        import openvino

        return {"openvino": openvino.get_version()}


ENGINES: dict[str, type[Engine]] = {
    "onnxruntime": OnnxRuntime,
    "lamina": OpenVino,
    "own library": native.OwnLibrary,
    "daal4py": native.Daal4py,
    "lleaves": compiled.LLeaves,
    "tl2cgen": compiled.Tl2cgen,
}
PEERS = ("own library", "daal4py", "lleaves", "tl2cgen")
