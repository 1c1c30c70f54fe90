"""Prepares ONNX models through liblamina_prepare.so."""

import ctypes
import functools
import os
from collections.abc import Iterable

from lamina._libraries import extension_path, find_library

MAP_WEIGHTS = 1


class PrepareError(ValueError):
    """The model cannot be prepared; the text says why and what to do."""


class UnknownOperatorError(PrepareError):
    """The model has operators that neither OpenVINO nor a library at hand takes; the text lists them."""


@functools.cache
def native() -> ctypes.CDLL:
    """The library, its functions declared as in prepare/c_api.h."""
    # Its own protobuf first: TensorFlow, imported before, puts another one in front of everybody's.
    library = ctypes.CDLL(find_library("liblamina_prepare.so"), mode=os.RTLD_LOCAL | os.RTLD_NOW | os.RTLD_DEEPBIND)
    text, handle, size = ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t
    libraries = [ctypes.POINTER(text), size]
    for name, result, arguments in (
        ("lamina_prepare_file", handle, [text, *libraries, ctypes.c_int]),
        ("lamina_prepare_memory", handle, [text, size, text, *libraries, ctypes.c_int]),
        ("lamina_prepare_to_file", handle, [text, text, *libraries]),
        ("lamina_prepared_free", None, [handle]),
        ("lamina_prepared_error", text, [handle]),
        ("lamina_prepared_unknown", text, [handle]),
        ("lamina_prepared_report", text, [handle]),
        ("lamina_prepared_model", handle, [handle, ctypes.POINTER(size)]),
        ("lamina_prepared_mapping", handle, [handle, size, ctypes.POINTER(size)]),
        ("lamina_is_onnx", ctypes.c_int, [text]),
    ):
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


class Prepared:
    """A prepared model, and what was done to it."""

    def __init__(self, handle: int):
        self._handle = handle
        error = native().lamina_prepared_error(handle)
        if error is not None:
            raise PrepareError(error.decode(errors="replace"))
        unknown = native().lamina_prepared_unknown(handle)
        #: What is to be said about operators that nobody takes, or None.
        self.unknown = unknown.decode(errors="replace") if unknown is not None else None
        #: What was done to the model, a line a node kind; empty if it needed nothing.
        self.report = native().lamina_prepared_report(handle).decode(errors="replace").splitlines()

    def __del__(self):
        native().lamina_prepared_free(self._handle)

    @property
    def model(self) -> bytes:
        """The model, a serialised ONNX ModelProto."""
        size = ctypes.c_size_t()
        data = native().lamina_prepared_model(self._handle, ctypes.byref(size))
        return ctypes.string_at(data, size.value)

    def mappings(self) -> list[tuple[int, int]]:
        """Address and size of the files of external weights that are mapped as long as this object lives."""
        found = []
        size = ctypes.c_size_t()
        while (data := native().lamina_prepared_mapping(self._handle, len(found), ctypes.byref(size))) is not None:
            found.append((data, size.value))
        return found

    def check_operators(self) -> "Prepared":
        """Raises UnknownOperatorError if there are operators that nobody takes."""
        if self.unknown is not None:
            raise UnknownOperatorError(self.unknown)
        return self


def _libraries(extensions: Iterable[str | os.PathLike] | None):
    """The libraries as the native functions take them; None: Lamina's own."""
    paths = [extension_path()] if extensions is None else [os.fspath(path) for path in extensions]
    return (ctypes.c_char_p * len(paths))(*(path.encode() for path in paths)), len(paths)


def run(model, extensions, flags: int = 0, weights_folder: str | os.PathLike = "") -> Prepared:
    """Prepares a path or bytes."""
    libraries, count = _libraries(extensions)
    if isinstance(model, (bytes, bytearray, memoryview)):
        data = bytes(model)
        folder = os.fsencode(weights_folder)
        return Prepared(native().lamina_prepare_memory(data, len(data), folder, libraries, count, flags))
    return Prepared(native().lamina_prepare_file(os.fsencode(model), libraries, count, flags))


def prepare(model, extensions=None) -> Prepared:
    """Prepares an ONNX model, a path or its bytes, for OpenVINO with these extension libraries (None: Lamina's own).

    The result's `model` is what stock OpenVINO reads; external weights stay references, valid in the model's folder.
    """
    return run(model, extensions).check_operators()


def prepare_to_file(source, target, extensions=None) -> list[str]:
    """Prepares the model in the file `source` and writes it as `target`, its external weights beside it; the report."""
    libraries, count = _libraries(extensions)
    arguments = os.fsencode(source), os.fsencode(target), libraries, count
    return Prepared(native().lamina_prepare_to_file(*arguments)).report


def is_onnx(path) -> bool:
    """Whether a file's content looks like an ONNX model."""
    return native().lamina_is_onnx(os.fsencode(path)) == 1
