"""h2spec's checks of HTTP/2 on both ports. What may fail is explained in docs/design/transport.md."""

import subprocess
import xml.etree.ElementTree

import pytest

from . import programs

CHECKS = 145
MAY_FAIL = {
    ("http2/3.5", "Sends invalid connection preface"),
    ("http2/4.2", "Sends a large size HEADERS frame that exceeds the SETTINGS_MAX_FRAME_SIZE"),
    # DATA that nghttp2 ignores where its stream is closed; the last two only if the answer was quicker than the DATA.
    ("http2/5.1", "closed: Sends a DATA frame after sending RST_STREAM frame"),
    ("http2/5.1", "closed: Sends a DATA frame"),
    ("http2/5.1", "half closed (remote): Sends a DATA frame"),
    ("http2/6.1", 'Sends a DATA frame on the stream that is not in "open" or "half-closed (local)" state'),
}


@pytest.fixture(scope="module")
def h2spec():
    return programs.h2spec()


@pytest.mark.parametrize("side", ["grpc", "rest"])
def test_h2spec(server, h2spec, side, tmp_path):
    port = server.port if side == "grpc" else server.rest_port
    report = tmp_path / "report.xml"
    subprocess.run([h2spec, "-h", "127.0.0.1", "-p", str(port), "--path", "/v2", "-j", report],
                   stdout=subprocess.DEVNULL, timeout=300)
    cases = list(xml.etree.ElementTree.parse(report).iter("testcase"))
    assert len(cases) == CHECKS
    failed = {(c.get("package"), c.get("classname")) for c in cases if len(c) > 0}
    assert failed <= MAY_FAIL
    assert server.process.poll() is None, server.log
