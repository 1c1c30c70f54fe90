"""A model of Triton's Python backend: onnxruntime on the ONNX file beside it."""

import os

import onnxruntime
import triton_python_backend_utils as utils


class TritonPythonModel:
    def initialize(self, args):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = os.path.join(args["model_repository"], args["model_version"], "model.onnx")
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.names = [output.name for output in self.session.get_outputs()]

    def execute(self, requests):
        answers = []
        for request in requests:
            x = utils.get_input_tensor_by_name(request, "x").as_numpy()
            outputs = [utils.Tensor(*pair) for pair in zip(self.names, self.session.run(None, {"x": x}))]
            answers.append(utils.InferenceResponse(outputs))
        return answers
