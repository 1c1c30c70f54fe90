"""Stands in for ov.Core.read_model."""

import ctypes
import logging
import os

import numpy as np
import openvino as ov

from lamina import _prepare

_log = logging.getLogger("lamina")


def _own_mapped_constants(model: ov.Model, prepared: _prepare.Prepared) -> None:
    """Replaces constants that lie in mapped weights by such as keep the mapping alive; no byte is copied."""
    mappings = prepared.mappings()
    if not mappings:
        return
    for node in model.get_ordered_ops():
        if node.get_type_name() != "Constant" or node.get_element_type() == ov.Type.string:
            continue
        data = node.get_data()
        address = data.__array_interface__["data"][0]
        if not any(begin <= address < begin + size for begin, size in mappings):
            continue
        memory = (ctypes.c_uint8 * node.get_byte_size()).from_address(address)
        memory.prepared = prepared  # numpy keeps the ctypes array alive, and that the mapping
        array = np.frombuffer(memory, dtype=np.uint8)
        tensor = ov.Tensor(array, node.get_output_shape(0), node.get_element_type())
        owner = ov.op.Constant(tensor, shared_memory=True)
        owner.set_friendly_name(node.get_friendly_name())
        ov.utils.replace_node(node, owner)


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
    result = core.read_model(prepared.model)
    _own_mapped_constants(result, prepared)
    return result
