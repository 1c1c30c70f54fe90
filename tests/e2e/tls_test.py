"""TLS with grpcio, tritonclient, tensorflow-serving-api, requests and curl, against the real server."""

import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time

import gevent.ssl
import grpc
import numpy as np
import pytest
import requests
import tensorflow as tf
import tritonclient.grpc
import tritonclient.http
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from . import models
from .certificates import Authority

ROWS = 200_000  # 3 MB in, 2 MB out: many records and many frames


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def serve(start, models_dir):
    """Starts a server of the model tiny with these flags, and TLS by a certificate and its key if they are given."""

    def start_serving(*flags, tls=None):
        if tls:
            flags = ["--tls_certificate_file", tls[0], "--tls_key_file", tls[1], *flags]
        tiny = ["--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", "0"]
        return start("lamina", "serve", *tiny, *flags)

    return start_serving


def infer(client, module, rows=1):
    x = np.arange(rows * 4, dtype=np.float32).reshape(rows, 4) % 7
    tensor = module.InferInput("x", [rows, 4], "FP32")
    tensor.set_data_from_numpy(x)
    np.testing.assert_allclose(client.infer("tiny", [tensor]).as_numpy("y"), models.tiny_reference(x), rtol=1e-5)


def grpc_client(address, authority, **files):
    return tritonclient.grpc.InferenceServerClient(
        address, ssl=True, root_certificates=str(authority.certificate), **{k: str(v) for k, v in files.items()}
    )


def http_client(port, authority, client_files=None):
    """tritonclient over HTTP; the context checks the server's name, as gevent's own way to do so is gone from Python."""
    context = gevent.ssl.create_default_context(cafile=str(authority.certificate))
    if client_files:
        context.load_cert_chain(*map(str, client_files))
    return tritonclient.http.InferenceServerClient(
        f"localhost:{port}",
        ssl=True,
        ssl_options={"server_hostname": "localhost"},
        ssl_context_factory=lambda: context,
        insecure=True,
    )


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def serial(port):
    """Of the certificate that the server presents."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 30) as plain, context.wrap_socket(plain) as secure:
        return ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True))


def wait_for(condition, server):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, server.log
        time.sleep(0.05)


def test_every_client(serve, authority):
    server = serve(tls=authority.issue("server")).wait_until_serving()
    with grpc_client(f"localhost:{server.port}", authority) as client:
        assert client.is_server_ready()
        infer(client, tritonclient.grpc)
        infer(client, tritonclient.grpc, ROWS)
    with http_client(server.port, authority) as client:
        infer(client, tritonclient.http)
        infer(client, tritonclient.http, ROWS)
    credentials = grpc.ssl_channel_credentials(authority.certificate.read_bytes())
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "tiny"
    request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.ones((1, 4), np.float32)))
    with grpc.secure_channel(f"127.0.0.1:{server.port}", credentials) as channel:
        answer = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)
    assert tf.make_ndarray(answer.outputs["y"]).shape == (1, 3)
    for host in ("localhost", "127.0.0.1", "[::1]"):
        reply = requests.get(f"https://{host}:{server.port}/v2/health/ready", verify=authority.certificate, timeout=30)
        assert reply.json() == {"ready": True}
    assert server.stop() == 0


@pytest.mark.parametrize(
    "flags, version", [(["--http1.1"], "1.1"), (["--http2"], "2"), (["--no-alpn"], "1.1"), (["--tls-max", "1.2"], "2")]
)
def test_alpn_and_versions(serve, authority, flags, version):
    server = serve(tls=authority.issue("server")).wait_until_serving()
    url = f"https://localhost:{server.port}/v1/models/tiny:predict"
    body = ["-d", '{"instances": [[1, 2, 3, 4]]}']
    code, out, err = curl(*flags, "--cacert", authority.certificate, "-w", " HTTP/%{http_version}", *body, url)
    assert code == 0, err
    assert '"predictions"' in out and out.endswith(f" HTTP/{version}")
    # Nobody is made to believe a server whose certificate nobody signed, or to speak what is broken.
    assert curl(url)[0] == 60
    old = ["openssl", "s_client", "-connect", f"localhost:{server.port}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]
    assert subprocess.run(old, stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode != 0


def test_client_certificates(serve, authority, tmp_path):
    mine, other = authority.issue("client"), Authority(tmp_path, "stranger").issue("client")
    server = serve("--tls_client_ca_file", authority.certificate, tls=authority.issue("server")).wait_until_serving()
    address = f"localhost:{server.port}"
    with grpc_client(address, authority, certificate_chain=mine[0], private_key=mine[1]) as client:
        infer(client, tritonclient.grpc)
    with http_client(server.port, authority, mine) as client:
        infer(client, tritonclient.http)
    ready = ["--cacert", authority.certificate, "-o", "/dev/null", "-w", "%{http_code}", f"https://{address}/v2/health/ready"]
    assert curl("--cert", mine[0], "--key", mine[1], *ready)[:2] == (0, "200")
    code, _, error = curl(*ready)
    assert code != 0 and "certificate required" in error
    wait_for(lambda: "peer did not return a certificate" in server.log, server)
    assert curl("--cert", other[0], "--key", other[1], *ready)[0] != 0
    for files in ({}, {"certificate_chain": other[0], "private_key": other[1]}):
        with grpc_client(address, authority, **files) as client, pytest.raises(Exception, match="UNAVAILABLE"):
            client.is_server_ready(client_timeout=10)


def test_a_new_certificate_without_a_restart(serve, authority, tmp_path):
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"

    def put(files):
        for source, target in zip(files, (certificate, key)):
            shutil.copy(source, tmp_path / "new")
            (tmp_path / "new").replace(target)

    put(authority.issue("first"))
    poll = ["--file_system_poll_wait_seconds", "0.1"]
    server = serve(*poll, tls=(certificate, key)).wait_until_serving()
    first = serial(server.port)
    with grpc_client(f"localhost:{server.port}", authority) as client:
        infer(client, tritonclient.grpc)
        certificate.write_text("half a certif")
        kept = f"tls_certificate_file: {certificate} holds no certificate that can be used"
        wait_for(lambda: kept in server.log and "new connections get the certificate from before" in server.log, server)
        assert serial(server.port) == first
        put(authority.issue("second"))
        wait_for(lambda: serial(server.port) != first, server)
        assert "/CN=second, valid until" in server.log
        infer(client, tritonclient.grpc)  # on the connection from before
    with grpc_client(f"localhost:{server.port}", authority) as client:
        infer(client, tritonclient.grpc)
    assert server.stop() == 0


def test_without_tls_to_a_port_that_has_it(serve, authority):
    server = serve(tls=authority.issue("server")).wait_until_serving()
    reply = requests.get(f"http://127.0.0.1:{server.port}/v2", timeout=30)
    assert reply.status_code == 400
    assert reply.json() == {"error": "this port speaks TLS: use https://, or a secure channel of gRPC"}
    with tritonclient.grpc.InferenceServerClient(server.address) as client, pytest.raises(Exception) as error:
        client.is_server_ready(client_timeout=10)
    assert "UNAVAILABLE" in str(error.value) and "http1.x server (HTTP status 400)" in str(error.value)
    assert server.says("speaks without TLS to a port that has it; use https:// or a secure channel there")


def test_with_tls_to_a_port_without_it(serve, authority):
    server = serve().wait_until_serving()
    code, _, error = curl("--cacert", authority.certificate, f"https://localhost:{server.port}/v2")
    assert code != 0, error
    assert server.says("speaks TLS where there is none; use http:// or an insecure channel there, or give the server")


def test_unix_sockets_do_without(serve, authority):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lamina", dir="/tmp"))
    path = folder / "lamina.sock"
    server = serve("--grpc_bind_address", f"::,unix:{path}", tls=authority.issue("server")).wait_until_serving()
    with tritonclient.grpc.InferenceServerClient(f"unix:{path}") as client:
        infer(client, tritonclient.grpc)
    with grpc_client(f"localhost:{server.port}", authority) as client:
        infer(client, tritonclient.grpc)
    assert server.stop() == 0
    shutil.rmtree(folder)


def test_an_expired_certificate_is_told(serve, authority):
    expired = authority.issue("expired", days=-1)
    server = serve(tls=expired).wait_until_serving()
    assert f"the certificate in {expired[0]} expired on 20" in server.log
    code, _, error = curl("--cacert", authority.certificate, f"https://localhost:{server.port}/v2")
    assert code == 60 and "expired" in error


def test_what_keeps_the_server_from_starting(serve, authority, tmp_path):
    certificate, key = authority.issue("server")
    _, other_key = authority.issue("other")
    text, none = tmp_path / "text.pem", tmp_path / "none.pem"
    text.write_text("no PEM\n")
    cases = [
        ((none, key), [], f"tls_certificate_file: {none} cannot be read (No such file or directory)"),
        ((certificate, none), [], f"tls_key_file: {none} cannot be read (No such file or directory)"),
        ((text, key), [], f"{text} holds no certificate that can be used"),
        ((certificate, text), [], f"{text} holds no private key that can be read"),
        ((certificate, other_key), [], f"{other_key} is not the key of the certificate in {certificate}"),
        ((certificate, key), ["--tls_client_ca_file", text], f"tls_client_ca_file: {text} holds no certificate"),
        (None, ["--tls_certificate_file", certificate], "tls_key_file: is missing"),
        (None, ["--tls_key_file", key], "tls_certificate_file: is missing"),
    ]
    for tls, flags, sentence in cases:
        server = serve(*flags, tls=tls)
        assert server.wait_until_ended() == 1, sentence
        assert sentence in server.log, server.log


def test_variables_instead_of_flags(start, authority, models_dir):
    certificate, key = authority.issue("server")
    server = start(
        "lamina",
        "serve",
        *("--model_name", "tiny", "--model_path", models_dir / "tiny", "--port", "0"),
        environment={"LAMINA_TLS_CERTIFICATE_FILE": str(certificate), "LAMINA_TLS_KEY_FILE": str(key)},
    ).wait_until_serving()
    assert serial(server.port) == ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(certificate.read_text()))
