"""HTTP/2 frame by frame, for what no well-behaved client sends."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4

INTERNAL_ERROR, STREAM_CLOSED, ENHANCE_YOUR_CALM = 2, 5, 11


def header_block(headers):
    """Each as a literal that is not indexed, in HPACK's plainest form."""
    block = b""
    for name, value in headers:
        block += b"\0" + _text(name) + _text(value)
    return block


def _text(text):
    data = text.encode()
    if len(data) < 127:
        return bytes([len(data)]) + data
    size, rest = b"\x7f", len(data) - 127
    while rest >= 128:
        size += bytes([rest % 128 + 128])
        rest //= 128
    return size + bytes([rest]) + data


def grpc_headers(path, *more):
    return [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("content-type", "application/grpc"), ("te", "trailers"), *more]


def framed(message):
    """A gRPC message with its five bytes in front."""
    return struct.pack(">BI", 0, len(message)) + message


class RawHttp2:
    """A connection on which any frame may be sent, and whose frames come as (type, flags, stream, payload)."""

    def __init__(self, port, timeout=20, window=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        settings = b"" if window is None else struct.pack(">HI", 4, window)
        self.socket.sendall(PREFACE)
        self.send(SETTINGS, 0, 0, settings)
        self._received = b""
        self.wait_for(SETTINGS)
        self.send(SETTINGS, ACK, 0)  # its windows count from now on

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, kind, flags, stream, payload=b""):
        self.socket.sendall(frame(kind, flags, stream, payload))

    def request(self, stream, path, message):
        self.socket.sendall(frame(HEADERS, END_HEADERS, stream, header_block(grpc_headers(path))) +
                            frame(DATA, END_STREAM, stream, framed(message)))

    def frames(self):
        """What comes, until the server closes the connection."""
        while True:
            while len(self._received) < 9 or len(self._received) < 9 + int.from_bytes(self._received[:3], "big"):
                try:
                    data = self.socket.recv(1 << 16)
                except ConnectionResetError:
                    return
                if not data:
                    return
                self._received += data
            size = int.from_bytes(self._received[:3], "big")
            kind, flags, stream = struct.unpack(">BBI", self._received[3:9])
            payload, self._received = self._received[9 : 9 + size], self._received[9 + size :]
            yield kind, flags, stream, payload

    def wait_for(self, kind, stream=0):
        """The payload of the next frame of that kind."""
        for got, _, on, payload in self.frames():
            if (got, on) == (kind, stream):
                return payload
        raise AssertionError(f"the server closed the connection without a frame of type {kind} on stream {stream}")

    def wait_for_end(self, stream):
        """Until the server has said all that it has to say of a stream."""
        for got, flags, on, _ in self.frames():
            if on == stream and (got == RST_STREAM or (got in (HEADERS, DATA) and flags & END_STREAM)):
                return
        raise AssertionError(f"the server closed the connection before the end of stream {stream}")

    def wait_for_cut_off(self):
        """Until the server closes the connection: what it has sent until then, but for bodies, as (type, flags, stream, payload)."""
        return [frame for frame in self.frames() if frame[0] != DATA]

    def goaway(self):
        """Until the server closes the connection: the last stream and the error of its GOAWAY."""
        for kind, _, _, payload in reversed(self.wait_for_cut_off()):
            if kind == GOAWAY:
                return struct.unpack(">II", payload[:8])
        raise AssertionError("the server closed the connection without a word")


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload
