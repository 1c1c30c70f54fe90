"""onnxruntime's answer, the one every other is held against."""

import functools
import locale

import numpy as np
import onnx
import onnxruntime


def class_keys(model):
    """{output of a ZipMap: its keys in class order}"""
    keys = {}
    for node in model.graph.node:
        if node.op_type == "ZipMap":
            values = [onnx.helper.get_attribute_value(a) for a in node.attribute]
            keys[node.output[0]] = [k.decode() if isinstance(k, bytes) else k for value in values for k in value]
    return keys


def map_tensors(onnx_bytes, feeds):
    """`feeds` as tensors: maps for a DictVectorizer become rows in the order of its vocabulary, absent keys 0."""
    vocabularies = {
        node.input[0]: [k.decode() if isinstance(k, bytes) else k for k in onnx.helper.get_attribute_value(a)]
        for node in onnx.load_from_string(onnx_bytes).graph.node if node.op_type == "DictVectorizer"
        for a in node.attribute
    }
    return {
        name: np.array([[row.get(k, 0) for k in vocabularies[name]] for row in rows], np.float32)
        if isinstance(rows, list) else rows
        for name, rows in feeds.items()
    }


@functools.cache
def _has_locale(name):
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, kept)
    return True


def with_known_locale(model):
    """Replaces locales that this machine lacks (onnxruntime refuses them) by C.UTF-8, which has the same cases."""
    for node in model.graph.node:
        if node.op_type == "StringNormalizer":
            names = [a for a in node.attribute if a.name == "locale"] or [node.attribute.add(name="locale", type=3)]
            if not _has_locale(names[0].s.decode() or "en_US"):
                names[0].s = b"C.UTF-8"
    return model


class Reference:
    """An onnxruntime session. Maps become [N, C] tensors in class order, sequences of tensors NAME_0, NAME_1, ..."""

    def __init__(self, onnx_bytes):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1
        model = with_known_locale(onnx.load_from_string(onnx_bytes))
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        self._keys = class_keys(model)

    def run(self, feeds):
        """{output name: tensor}. An input of map type is fed as a list of maps, one a row."""
        maps = [name for name, rows in feeds.items() if isinstance(rows, list)]
        if not maps:
            return self._named(self._session.run(None, feeds))
        each = [self._named(self._session.run(None, {maps[0]: row})) for row in feeds[maps[0]]]
        return {name: np.concatenate([tensors[name] for tensors in each]) for name in each[0]}

    def _named(self, values):
        tensors = {}
        for output, value in zip(self._session.get_outputs(), values):
            name = output.name
            if name in self._keys:
                tensors[name] = self._of_maps(value, self._keys[name])
            elif isinstance(value, list):
                tensors |= {f"{name}_{i}": tensor for i, tensor in enumerate(value)}
            else:
                tensors[name] = value
        return tensors

    @staticmethod
    def _of_maps(rows, keys):
        return np.array([[row[k] for k in keys] for row in rows], np.float32).reshape(len(rows), len(keys))
