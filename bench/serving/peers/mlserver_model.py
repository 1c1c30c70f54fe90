"""A runtime of MLServer: onnxruntime on the ONNX file that the settings name."""

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class Onnxruntime(MLModel):
    async def load(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = self.settings.parameters.uri
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.names = [output.name for output in self.session.get_outputs()]
        return True

    async def predict(self, payload):
        x = NumpyCodec.decode_input(payload.inputs[0])
        pairs = zip(self.names, self.session.run(None, {"x": x}))
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output(*pair) for pair in pairs])
