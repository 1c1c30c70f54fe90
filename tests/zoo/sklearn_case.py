"""Registers scikit-learn estimators as zoo cases: trains on one of the data sets, converts with skl2onnx."""

import warnings

from onnx import TensorProto
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.base import clone

from .case import Built, add
from .data import split

ML3 = {"": 18, "ai.onnx.ml": 3}  # the first tree operators with double thresholds
_TENSORS = {"float32": FloatTensorType, "float64": DoubleTensorType, "int64": Int64TensorType, "str": StringTensorType}


def tensor_type(dtype, columns):
    """The skl2onnx type of an input with any number of rows."""
    return _TENSORS[dtype]([None, columns])


def as_type(rows, dtype):
    """`rows` in the element type that an input of kind `dtype` takes."""
    return rows.astype(str if dtype == "str" else dtype)


def convert(model, inputs, options=None, target_opset=None):
    """The ONNX bytes of a trained model. `inputs` is [(name, skl2onnx type)]."""
    onnx = to_onnx(model, initial_types=inputs, options=options, target_opset=target_opset)
    trees = {o for n in onnx.graph.node if n.op_type.startswith("TreeEnsemble") for o in n.output}
    for output in onnx.graph.output:  # with double inputs skl2onnx declares double scores, but these operators give floats
        kind = output.type.tensor_type
        if output.name in trees and kind.elem_type == TensorProto.DOUBLE:
            kind.elem_type = TensorProto.FLOAT
    return onnx.SerializeToString()


def fit(model, rows, target=None):
    """Trains a clone, quietly: a model that has not converged is as good a test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = clone(model)
        return model.fit(rows) if target is None else model.fit(rows, target)


def estimator(name, model, data, *, labels=None, dtype="float32", options=None, target_opset=None, covers=(),
              change=None, scaled=False, unsupervised=False, **case):
    """A case that trains `model` on the set `data`.

    labels: kind of the class labels (Split.labels), None for a number to predict. change: a function over the rows
    of both halves. options: skl2onnx's, for this model. covers: classes covered besides the model's own.
    """

    def build():
        halves = split(data, scaled)
        train, test = halves.train, halves.test
        if change is not None:
            train, test = change(train), change(test)
        target = None if unsupervised else halves.labels(labels) if labels else halves.target
        train, test = as_type(train, dtype), as_type(test, dtype)
        trained = fit(model, train, target)
        settings = {id(trained): options} if options else None
        onnx = convert(trained, [("X", tensor_type(dtype, train.shape[1]))], settings, target_opset)
        return Built(onnx, {"X": test})

    add(name, (type(model).__name__, *covers), build, **case)


def classifier(model, *, name=None, scaled=False, binary=True, multi=True, float64=True, zipmap=True,
               covers=(),
               change=None, **case):
    """Binary (numbers as labels, ZipMap), multi-class (strings, no ZipMap unless the model has none) and double."""
    name = name or type(model).__name__
    common = {"scaled": scaled, "covers": covers, "change": change}
    if binary:
        estimator(f"{name}-binary", model, "cancer", labels="int", **common, **case)
    if multi:
        off = {"zipmap": False} if zipmap else None
        estimator(f"{name}-strings", model, "wine", labels="str", options=off, **common, **case)
        estimator(f"{name}-multi", model, "iris", labels="odd", **common, **case)
    if float64:
        off = {"zipmap": False} if zipmap else None  # onnxruntime's ZipMap takes float32 alone
        estimator(f"{name}-double", model, "iris", labels="str", dtype="float64", options=off, target_opset=ML3,
                  **common, **case)


def regressor(model, *, name=None, data="diabetes", scaled=False, float64=True, covers=(), **case):
    """Single and double precision."""
    name = name or type(model).__name__
    estimator(f"{name}-float", model, data, scaled=scaled, covers=covers, **case)
    if float64:
        estimator(f"{name}-double", model, data, scaled=scaled, covers=covers, dtype="float64", target_opset=ML3,
                  **case)


def transformer(model, *, name=None, data="iris", scaled=False, float64=True, covers=(), labels=None, **case):
    """Single and double precision; `labels` for the supervised ones."""
    name = name or type(model).__name__
    common = {"scaled": scaled, "covers": covers, "labels": labels, "unsupervised": labels is None}
    estimator(f"{name}-float", model, data, **common, **case)
    if float64:
        estimator(f"{name}-double", model, data, dtype="float64", **{"target_opset": ML3, **common, **case})


def table(name, model, columns, train, target, test, *, covers=(), options=None, target_opset=None, **case):
    """A case over named columns, each an input of its own: {column: kind}. `train` and `test` are data frames."""

    def build():
        trained = fit(model, train, target)
        inputs = [(column, tensor_type(kind, 1)) for column, kind in columns.items()]
        settings = {id(trained): options} if options else None
        feeds = {c: as_type(test[[c]].to_numpy(), kind) for c, kind in columns.items()}
        return Built(convert(trained, inputs, settings, target_opset), feeds)

    add(name, (type(model).__name__, *covers), build, **case)


def rows_case(name, model, train, test, target=None, *, kind, covers=(), options=None, **case):
    """A case over one matrix of `kind` that is not one of the data sets (strings, small integers)."""

    def build():
        trained = fit(model, train, target)
        settings = {id(trained): options} if options else None
        onnx = convert(trained, [("X", tensor_type(kind, train.shape[1]))], settings)
        return Built(onnx, {"X": as_type(test, kind)})

    add(name, (type(model).__name__, *covers), build, **case)
