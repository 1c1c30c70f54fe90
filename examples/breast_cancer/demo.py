"""The whole way through: a LightGBM model that stock OpenVINO refuses, trained, served, and asked over both protocols.

    demo.py [--serve]

--serve leaves the server running until it is stopped with Ctrl-C."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
warnings.filterwarnings("ignore")

import numpy as np

from train import train

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("LAMINA_BUILD", ROOT / "build" / "release"))
MODEL = "breast_cancer"
SECONDS = 2.0


def stock_openvino_says(model):
    """The engine's own answer to the model, as one line."""
    import openvino

    try:
        openvino.Core().read_model(model)
    except Exception as error:
        return str(error).strip().splitlines()[-1]
    raise SystemExit(f"stock OpenVINO reads {model}: this demonstration has lost its point")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_server(models, port):
    """Starts the server and waits until the model is ready. Returns the process."""
    command = [BUILD / "bin" / "lamina", "serve", "--model_name", MODEL, "--model_path", models, "--port", str(port)]
    print("   $", " ".join(str(word).replace(str(ROOT) + "/", "") for word in command), flush=True)
    server = subprocess.Popen(list(map(str, command)))
    import tritonclient.grpc as triton

    client = triton.InferenceServerClient(f"127.0.0.1:{port}")
    until = time.time() + 60
    while time.time() < until and server.poll() is None:
        try:
            if client.is_model_ready(MODEL):
                return server
        except triton.InferenceServerException:
            pass
        time.sleep(0.05)
    server.kill()
    raise SystemExit("the server did not become ready; its log is above")


def rate(ask, rows):
    """Rows per second of one caller that asks again and again."""
    start, asked = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        ask()
        asked += rows
    return asked / (time.perf_counter() - start)


def ask_kserve(port, x):
    """A function that sends the rows over KServe v2 and returns labels and probabilities."""
    import tritonclient.grpc as triton

    client = triton.InferenceServerClient(f"127.0.0.1:{port}")
    features = triton.InferInput("features", list(x.shape), "FP32")

    def ask():
        features.set_data_from_numpy(x)
        result = client.infer(MODEL, [features])
        return result.as_numpy("label"), result.as_numpy("probabilities")

    return ask


def ask_tensorflow_serving(port, x):
    """The same over TensorFlow Serving's PredictionService."""
    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

    stub = prediction_service_pb2_grpc.PredictionServiceStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    def ask():
        request = predict_pb2.PredictRequest()
        request.model_spec.name = MODEL
        request.inputs["features"].CopyFrom(tf.make_tensor_proto(x))
        outputs = stub.Predict(request, timeout=60).outputs
        return tf.make_ndarray(outputs["label"]), tf.make_ndarray(outputs["probabilities"])

    return ask


def what_ran():
    """The layers of the model and the instruction set that they ran on."""
    tool = subprocess.run([BUILD / "bin" / "lamina", "layers", "--in-use"], capture_output=True, text=True)
    return tool.stdout.strip()


def show(name, ask, x, y):
    label, probability = ask()
    correct = float(np.mean(label.ravel() == y))
    print(f"   {name}: {len(x)} held-out rows, accuracy {correct:.3f}, "
          f"first row: class {label.ravel()[0]} with probability {probability[0].max():.4f}; "
          f"{rate(ask, len(x)):,.0f} rows/s by one caller", flush=True)
    return label, probability


def main():
    models = BUILD.parent / "demo" / MODEL
    print("1. Training LightGBM on scikit-learn's breast-cancer data ...", flush=True)
    x, y = train(str(models))
    print(f"   wrote {models.relative_to(ROOT)}/1/model.onnx")
    print("2. Stock OpenVINO on that model:\n   " + stock_openvino_says(str(models / "1" / "model.onnx")))
    port = free_port()
    print("3. Lamina serves it:", flush=True)
    server = start_server(models, port)
    try:
        print("4. Asking:", flush=True)
        by_kserve = show("KServe v2 (tritonclient)", ask_kserve(port, x), x, y)
        by_tfs = show("TensorFlow Serving (tensorflow-serving-api)", ask_tensorflow_serving(port, x), x, y)
        if not all(np.array_equal(a, b) for a, b in zip(by_kserve, by_tfs)):
            raise SystemExit("the two protocols answered differently")
        print(f"""5. Your own model: put it in DIRECTORY/1/model.onnx and run
     build/release/bin/lamina serve --model_name NAME --model_path DIRECTORY --port 9000
   and ask it as examples/breast_cancer/demo.py does.""", flush=True)
        if "--serve" in sys.argv[1:]:
            print(f"The server goes on, on port {port}; Ctrl-C ends it.", flush=True)
            server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


if __name__ == "__main__":
    main()
