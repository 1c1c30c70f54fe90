"""Lamina for Python: stock OpenVINO runs the ONNX models that it refuses.

    import lamina
    import openvino as ov

    core = ov.Core()
    core.add_extension(lamina.extension_path())
    model = lamina.read_model(core, "model.onnx")  # stands in for core.read_model
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
"""

from lamina._libraries import extension_path
from lamina._prepare import Prepared, PrepareError, UnknownOperatorError, prepare, prepare_to_file
from lamina._read_model import read_model

__all__ = [
    "PrepareError",
    "Prepared",
    "UnknownOperatorError",
    "extension_path",
    "prepare",
    "prepare_to_file",
    "read_model",
]
