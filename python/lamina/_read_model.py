"""Stands in for ov.Core.read_model."""

import bisect
import ctypes
import functools
import logging
import math
import os
import threading

import numpy as np
import openvino as ov

from lamina import _prepare

_log = logging.getLogger("lamina")


_reading = threading.local()  # `prepared` and, sorted, its `mappings`: of the model that this thread is reading


def _weights(node) -> list:
    """A constant over mapped weights that keeps the mapping alive; no byte is copied."""
    address, dims = node.get_attribute("address"), node.get_attribute("dims")
    dtype = getattr(ov.Type, node.get_attribute("type")).to_dtype()
    size = math.prod(dims) * dtype.itemsize
    mappings = getattr(_reading, "mappings", [])
    before = bisect.bisect_right(mappings, address, key=lambda mapping: mapping[0])
    begin, length = mappings[before - 1] if before > 0 else (0, 0)
    if min(dims) <= 0 or not begin <= address <= begin + length - size:
        raise ValueError("lamina.mapped.Weights is Lamina's own operator, for weights of the model that is being read; "
                         "these are none: take the node out")
    memory = (ctypes.c_uint8 * size).from_address(address)
    # The constant keeps the numpy array alive, that the ctypes array, and that the mapping.
    memory.prepared = _reading.prepared
    return ov.op.Constant(np.frombuffer(memory, dtype=dtype).reshape(dims), shared_memory=True).outputs()


@functools.cache
def _weights_extension():
    from openvino.frontend.onnx import ConversionExtension

    return ConversionExtension("Weights", "lamina.mapped", _weights)


def read_model(core: ov.Core, model, extensions=None, weights_folder: str | os.PathLike = "") -> ov.Model:
    """Reads a model (a path or bytes) into a core to which Lamina's library, or `extensions`, have been added.

    An ONNX model is prepared on its way, in memory; any other goes to core.read_model as it is. `extensions` are the
    libraries whose layers may be counted on (None: Lamina's own); `weights_folder` is where bytes have external weights.
    """
    is_path = isinstance(model, (str, os.PathLike))
    if is_path and (not os.path.isfile(model) or not (os.fspath(model).endswith(".onnx") or _prepare.is_onnx(model))):
        return core.read_model(model)
    prepared = _prepare.run(model, extensions, _prepare.MAP_WEIGHTS, weights_folder).check_operators()
    for line in prepared.report:
        _log.info("%s: %s", model if is_path else "model", line)
    if is_path and not prepared.report:
        return core.read_model(model)
    mappings = sorted(prepared.mappings())
    if mappings:
        core.add_extension(_weights_extension())
    _reading.prepared, _reading.mappings = prepared, mappings
    try:
        return core.read_model(prepared.model)
    finally:
        _reading.prepared, _reading.mappings = None, []
