"""Models that several tests use, written in ONNX's own textual syntax."""

import onnx.parser


def model(text, opset=18, domains=""):
    """A model from the text of its graph (and functions); `domains` are further imports, '"my" : 1'."""
    imports = f'"" : {opset}' + (f", {domains}" if domains else "")
    return onnx.parser.parse_model(f"<ir_version: 9, opset_import: [{imports}]>\n{text}")


NORMALIZER_MAX = 'g (float[N, 3] x) => (float[N, 3] y) { y = ai.onnx.ml.Normalizer <norm = "MAX"> (x) }'


def normalizer_max():
    return model(NORMALIZER_MAX, domains='"ai.onnx.ml" : 1')
