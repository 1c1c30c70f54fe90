"""TensorFlow Serving over REST, as its documentation asks with curl and requests, against the real server."""

import base64
import json
import subprocess

import numpy as np
import requests

from . import models
from .rest_server import rest  # noqa: F401


def predict(rest, model, body):
    return requests.post(f"http://{rest}/v1/models/{model}:predict", json=body)


def refused(rest, model, body, code=400):
    reply = predict(rest, model, body)
    assert reply.status_code == code, reply.text
    return reply.json()["error"]


X = np.array([[1, 2, 3, 4], [0.5, -1, 0, 2]], np.float32)


def test_rows_and_columns(rest):
    expected = models.tiny_reference(X)
    for body, key in [
        ({"instances": X.tolist()}, "predictions"),
        ({"instances": [{"x": row} for row in X.tolist()], "signature_name": "serving_default"}, "predictions"),
        ({"inputs": X.tolist()}, "outputs"),
        ({"inputs": {"x": X.tolist()}}, "outputs"),
    ]:
        reply = predict(rest, "tiny", body)
        assert reply.status_code == 200, reply.text
        assert list(reply.json()) == [key]
        np.testing.assert_allclose(reply.json()[key], expected, rtol=1e-5, atol=1e-6)


def test_as_curl_sends_it(rest):
    reply = subprocess.run(
        ["curl", "-sS", "--fail", f"http://{rest}/v1/models/tiny:predict", "-d", '{"instances": [[1, 2, 3, 4]]}'],
        capture_output=True,
        check=True,
    )
    np.testing.assert_allclose(json.loads(reply.stdout)["predictions"], models.tiny_reference(X[:1]), rtol=1e-5)


def test_several_outputs_have_names(rest):
    ones = np.ones((2, 3)).tolist()
    rows = predict(rest, "two", {"instances": [{"a": row, "b": row} for row in ones]}).json()
    assert rows == {"predictions": [{"sum": [2.0] * 3, "difference": [0.0] * 3}] * 2}
    columns = predict(rest, "two", {"inputs": {"a": ones, "b": ones}}).json()
    assert columns == {"outputs": {"sum": [[2.0] * 3] * 2, "difference": [[0.0] * 3] * 2}}


def test_versions_and_labels(rest):
    for path, factor in [
        ("versions", 3),
        ("versions/versions/1", 1),
        ("versions/versions/3", 3),
        ("versions/labels/stable", 1),
        ("versions/labels/canary", 3),
    ]:
        got = predict(rest, path, {"instances": X.tolist()}).json()["predictions"]
        np.testing.assert_allclose(got, models.tiny_reference(X, factor), rtol=1e-5, atol=1e-6)


def test_strings_and_base64(rest):
    texts = [*models.LABELS, "unknown"]
    encoded = [{"b64": base64.b64encode(s.encode()).decode()} for s in texts]
    for text in (texts, encoded):
        got = predict(rest, "labels", {"inputs": {"text": text, "index": [2, 1, 0, 99]}}).json()["outputs"]
        assert got == {"code": [0, 1, 2, -1], "back": [*reversed(models.LABELS), "?"]}


def test_every_type(rest):
    inputs, expected = {}, {}
    for i, (name, _, dtype, _) in enumerate(models.TYPES):
        values = (np.arange(6).reshape(2, 3) + i).astype(dtype)
        inputs[f"in_{name}"] = values.tolist()
        expected[f"out_{name}"] = values.T.tolist()
    assert predict(rest, "types", {"inputs": inputs}).json()["outputs"] == expected


def test_status(rest):
    def status(path):
        return requests.get(f"http://{rest}/v1/models/{path}")

    fine = {"error_code": "OK", "error_message": ""}
    one, three = ({"version": v, "state": "AVAILABLE", "status": fine} for v in ("1", "3"))
    assert sorted(status("versions").json()["model_version_status"], key=lambda v: v["version"]) == [one, three]
    assert status("versions/versions/1").json() == {"model_version_status": [one]}
    assert status("versions/labels/canary").json() == {"model_version_status": [three]}
    missing = status("nobody")
    assert (missing.status_code, missing.json()["error"]) == (
        404,
        "Servable not found for request: Specific(nobody, 0)",
    )
    assert status("tiny/versions/9").status_code == 404


def test_metadata(rest):
    for path, version in [("versions", "3"), ("versions/versions/1", "1"), ("versions/labels/stable", "1")]:
        body = requests.get(f"http://{rest}/v1/models/{path}/metadata").json()
        assert (body["modelSpec"]["name"], body["modelSpec"]["version"]) == ("versions", version)
        signature = body["metadata"]["signature_def"]["signatureDef"]["serving_default"]
        x = signature["inputs"]["x"]
        assert (x["dtype"], [d["size"] for d in x["tensorShape"]["dim"]]) == ("DT_FLOAT", ["-1", "4"])
        assert signature["methodName"] == "tensorflow/serving/predict"


def test_what_is_wrong_is_said(rest):
    rows = {"instances": X.tolist()}
    assert refused(rest, "nobody", rows, 404) == "Servable not found for request: Specific(nobody, 0)"
    assert refused(rest, "tiny/versions/5", rows, 404) == "Servable not found for request: Specific(tiny, 5)"
    details = refused(rest, "tiny", {"inputs": {"input": [1]}})
    assert "input tensor alias not found in signature: input. Inputs expected to be in the set {x}." in details
    details = refused(rest, "two", {"inputs": {"a": [[1.0] * 4] * 2, "b": [[1.0] * 3] * 2}})
    assert "The input data is incorrect. Obtained shape" in details and "required shape" in details, details
    assert refused(rest, "tiny", {"instances": [["a"]]}).startswith("Invalid inputs in request body: ")
    assert "both" in refused(rest, "tiny", {"instances": [[1]], "inputs": [[1]]})
    assert "neither" in refused(rest, "tiny", {})
    assert "same shape" in refused(rest, "tiny", {"instances": [[1, 2, 3, 4], [1]]})
    assert 'signature key "other" not found' in refused(rest, "tiny", {"signature_name": "other", **rows})
    broken = requests.post(f"http://{rest}/v1/models/tiny:predict", data=b'{"instances": [[1')
    assert broken.status_code == 400 and broken.json()["error"].startswith("Invalid JSON in request body: ")
    assert requests.get(f"http://{rest}/v1/models/tiny:predict").status_code == 405
