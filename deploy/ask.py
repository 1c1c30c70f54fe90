"""Asks the breast-cancer model on a port with the tensorflow-serving-api client: ask.py PORT HELD_OUT.npz"""
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
kept = os.dup(2)  # TensorFlow writes to the terminal while it is imported, whatever its log level is
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
try:
    import grpc
    import numpy as np
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc
finally:
    os.dup2(kept, 2)

port, held_out = sys.argv[1], np.load(sys.argv[2])
stub = prediction_service_pb2_grpc.PredictionServiceStub(grpc.insecure_channel(f"127.0.0.1:{port}"))
request = predict_pb2.PredictRequest()
request.model_spec.name = "breast_cancer"
request.inputs["features"].CopyFrom(tf.make_tensor_proto(held_out["x"]))
until = time.time() + 60
while True:
    try:
        label = tf.make_ndarray(stub.Predict(request, timeout=10).outputs["label"]).ravel()
        break
    except grpc.RpcError as error:
        if time.time() > until:
            sys.exit(f"no answer on port {port}: {error.details()}")
        time.sleep(0.2)
accuracy = float(np.mean(label == held_out["y"]))
print(f"{len(label)} rows, accuracy {accuracy:.3f}")
sys.exit(accuracy < 0.9)
