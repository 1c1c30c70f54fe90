"""Models prepared by the Python package and run by stock OpenVINO.

LAMINA_LIBRARIES names the folder of the libraries under test (build/release/lib without it).
"""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))


@pytest.fixture(scope="session")
def stock():
    """A core without our library, and how a model is run there: prepared for no extension at all."""
    return Runner(extensions=[])


@pytest.fixture(scope="session")
def extended():
    """A core with our library."""
    return Runner(extensions=None)


class Runner:
    def __init__(self, extensions):
        import openvino

        import lamina

        self.core = openvino.Core()
        self.extensions = extensions
        if extensions is None:
            self.core.add_extension(lamina.extension_path())

    def read(self, model):
        """A path, bytes or an onnx.ModelProto."""
        import lamina

        data = model.SerializeToString() if hasattr(model, "SerializeToString") else model
        return lamina.read_model(self.core, data, self.extensions)

    def run(self, model, feeds):
        """The outputs in order."""
        import numpy as np

        # The engine may otherwise choose bf16, and numbers are compared.
        compiled = self.core.compile_model(self.read(model), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        if isinstance(feeds, dict):  # the front-end drops inputs that nothing reads
            known = {name for port in compiled.inputs for name in port.names}
            feeds = {name: value for name, value in feeds.items() if name in known}
        result = compiled(feeds)
        return [np.array(result[port]) for port in compiled.outputs]
