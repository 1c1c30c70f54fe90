"""The whole way through: a LightGBM model that stock OpenVINO refuses, trained, served, and asked over both protocols.

    demo.py [--serve]

--serve leaves the server running, on port 9000 or that of the environment's PORT, until it is stopped with Ctrl-C or SIGTERM."""
import contextlib
import os
import pathlib
import re
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
SECONDS = 2.0  # of asking again and again, by protocol


def shown(path):
    """A path as one types it in the project's folder."""
    return str(path).replace(f"{ROOT}/", "")


@contextlib.contextmanager
def quiet():
    """Keeps from the terminal what libraries say of themselves while they are imported."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def stock_openvino_says(model):
    """The engine's own answer to the model: the line of its error that says why."""
    import openvino

    version = openvino.get_version().split("-")[0]
    try:
        openvino.Core().read_model(model)
    except Exception as error:
        reason = str(error).strip().splitlines()[-1]
        return f"OpenVINO {version} cannot read {shown(model)}: {reason}"
    raise SystemExit(f"OpenVINO {version} reads {model}: this demonstration has lost its point")


def port_to_serve_on(stays):
    """The well-known port if the server stays, else any free one."""
    text = os.environ.get("PORT", "9000") if stays else "0"
    if not text.isdigit() or int(text) > 65535:
        raise SystemExit(f"error: PORT={text} is no port; expected a number from 1 to 65535")
    wanted = int(text)
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("", wanted))
        except OSError as error:
            raise SystemExit(f"error: port {wanted} cannot be served on: {error.strerror}; stop what listens there, perhaps a "
                             "server of an earlier run, or choose another port: PORT=9100 ./run.sh --serve")
        return s.getsockname()[1]


def start_server(models, port, log):
    """Starts the server, its output in the file log, and waits until the model is ready. Returns the process."""
    import tritonclient.grpc as triton

    command = [BUILD / "bin" / "lamina", "serve", "--model_name", MODEL, "--model_path", models, "--port", port]
    print("   $", " ".join(map(shown, command)), flush=True)
    with open(log, "wb") as out:
        server = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out, env={**os.environ, "LAMINA_LOG": "info"})
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
    server.wait()
    raise SystemExit(f"{log.read_text()}error: the server did not become ready; what it said is above")


def what_ran(log):
    """What the server's log says of the model's nodes, and of the layers' kernels on this CPU."""
    text = log.read_text()
    lines = re.findall(r"version 1: (ai\.onnx\.ml\..*)", text)
    lines += re.findall(r"lamina info: libcpu_extension.so: (.*)", text)
    return lines + [f"{layer}: {what}" for layer, what in re.findall(r"lamina info: (layer '\w+').*?: (\d+ trees.*)", text)]


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
    with quiet():
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


def show(name, ask, x, y):
    label, probability = ask()
    correct = float(np.mean(label.ravel() == y))
    print(f"   {name}: {len(x)} held-out rows, accuracy {correct:.3f}, "
          f"first row: class {label.ravel()[0]} with probability {probability[0].max():.4f}; "
          f"{rate(ask, len(x)):,.0f} rows/s by one caller", flush=True)
    return label, probability


def ask_both(port, x, y):
    by_kserve = show("KServe v2 (tritonclient)", ask_kserve(port, x), x, y)
    by_tfs = show("TensorFlow Serving (tensorflow-serving-api)", ask_tensorflow_serving(port, x), x, y)
    if not all(np.array_equal(a, b) for a, b in zip(by_kserve, by_tfs)):
        raise SystemExit("error: the two protocols answered differently")


def stop(server):
    """Lets the server finish its requests. With Ctrl-C it has the signal already."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    return server.wait()


def demonstrate(stays):
    port = port_to_serve_on(stays)
    models = BUILD.parent / "demo" / MODEL
    log = models.parent / ("server.log" if stays else "demonstration.log")
    print("1. Training LightGBM on scikit-learn's breast-cancer data:", flush=True)
    x, y = train(str(models))
    print(f"   wrote {shown(models)}/1/model.onnx")
    print("2. Without Lamina:\n   " + stock_openvino_says(models / "1" / "model.onnx"))
    print("3. Lamina serves it:", flush=True)
    server = start_server(models, port, log)
    try:
        print("4. What runs, from the server's log:", *what_ran(log), sep="\n   ")
        print("5. Asking:", flush=True)
        ask_both(port, x, y)
        print("6. Your own model: put it in DIRECTORY/1/model.onnx and run\n"
              f"     {shown(BUILD / 'bin' / 'lamina')} serve --model_name NAME --model_path DIRECTORY --port 9000\n"
              "   and ask it as examples/breast_cancer/demo.py does.", flush=True)
        if stays:
            print(f"The server stays on port {port}, its log in {shown(log)}; Ctrl-C ends it.", flush=True)
            if server.wait() != 0:
                raise SystemExit(f"{log.read_text()}error: the server has ended by itself; what it said is above")
    except KeyboardInterrupt:
        print("\nStopping: requests in flight are answered first.", flush=True)
    finally:
        code = stop(server)
    print(f"The server has ended with code {code}.")


def end_as_with_ctrl_c(*_):
    raise KeyboardInterrupt


def main():
    unknown = [word for word in sys.argv[1:] if word != "--serve"]
    if unknown:
        raise SystemExit(f"error: unknown argument '{unknown[0]}'; there is --serve")
    for ended_by in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ended_by, end_as_with_ctrl_c)
    try:
        demonstrate("--serve" in sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit("\nstopped")


if __name__ == "__main__":
    main()
