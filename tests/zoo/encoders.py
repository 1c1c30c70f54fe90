"""Encoders of strings and integers, imputers."""

import numpy as np
from sklearn import preprocessing as pp
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.impute import KNNImputer, SimpleImputer

from skl2onnx import to_onnx
from skl2onnx.common.data_types import DictionaryType, FloatTensorType, Int64TensorType, StringTensorType

from .case import Built, add
from .data import as_categories, split, with_missing, words
from .sklearn_case import estimator, fit, rows_case, transformer

_words = words()
_codes = as_categories(split("iris").train, [0, 1, 2, 3]).astype(np.int64)
_new_codes = as_categories(split("iris").test, [0, 1, 2, 3]).astype(np.int64)
_strange = _words.test.copy()
_strange[::5, 0] = "violet"


def _both(name, model, kind=None, **options):
    """On string columns and on integer columns."""
    rows_case(f"{name}-strings", model, _words.train, _words.test, kind="str", **options)
    rows_case(f"{name}-ints", model, _codes, _new_codes, kind="int64", **options)


_both("OneHotEncoder", pp.OneHotEncoder())
_both("OneHotEncoder-dense", pp.OneHotEncoder(sparse_output=False))
_both("OneHotEncoder-drop", pp.OneHotEncoder(drop="first", sparse_output=False))
_both("OneHotEncoder-rare", pp.OneHotEncoder(min_frequency=45, sparse_output=False))
_both("OrdinalEncoder", pp.OrdinalEncoder())
rows_case("OneHotEncoder-unknown", pp.OneHotEncoder(handle_unknown="ignore"), _words.train, _strange, kind="str")
rows_case("OneHotEncoder-floats", pp.OneHotEncoder(handle_unknown="ignore"), _codes.astype(np.float32),
          _new_codes.astype(np.float32), kind="float32")
rows_case("OrdinalEncoder-unknown", pp.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
          _words.train, _strange, kind="str")
rows_case("OrdinalEncoder-floats", pp.OrdinalEncoder(), _codes.astype(np.float32), _new_codes.astype(np.float32),
          kind="float32")
rows_case("OrdinalEncoder-int32", pp.OrdinalEncoder(dtype=np.int64), _words.train, _words.test, kind="str")
rows_case("TargetEncoder-strings", pp.TargetEncoder(random_state=0), _words.train, _strange, _words.target,
          kind="str")
rows_case("TargetEncoder-ints", pp.TargetEncoder(random_state=0), _codes, _new_codes, split("iris").target % 2,
          kind="int64")


def _column(name, model, train, test, kind, **case):
    """An encoder of labels: one column in, no second dimension in training."""

    def build():
        trained = model.fit(train)
        return Built(to_onnx(trained, initial_types=[("X", kind([None, 1]))]).SerializeToString(),
                     {"X": test.reshape(-1, 1)})

    add(name, (type(model).__name__,), build, **case)


_cities, _tried = _words.train[:, 2].astype(str), _words.test[:, 2].astype(str)
_column("LabelEncoder-strings", pp.LabelEncoder(), _cities, _tried, StringTensorType)
_column("LabelEncoder-ints", pp.LabelEncoder(), _codes[:, 0] * 7 - 3, _new_codes[:, 0] * 7 - 3, Int64TensorType)
_column("LabelEncoder-floats", pp.LabelEncoder(), (_codes[:, 0] / 4).astype(np.float32),
        (_new_codes[:, 0] / 4).astype(np.float32), FloatTensorType)
_column("LabelBinarizer-ints", pp.LabelBinarizer(), _codes[:, 0], _new_codes[:, 0], Int64TensorType)
_column("LabelBinarizer-strings", pp.LabelBinarizer(), _cities, _tried, StringTensorType)
_column("LabelBinarizer-signed", pp.LabelBinarizer(neg_label=-1, pos_label=2), _codes[:, 1], _new_codes[:, 1],
        Int64TensorType)


def _dictionary():
    rows = [{"height": 1.5, "weight": 60.0}, {"height": 1.8}, {"weight": 80.0, "age": 30.0}]
    trained = DictVectorizer(sparse=False).fit(rows)
    kind = DictionaryType(StringTensorType([1]), FloatTensorType([1]))
    return Built(to_onnx(trained, initial_types=[("X", kind)]).SerializeToString(), {"X": rows})


add("DictVectorizer", ("DictVectorizer",), _dictionary)

for _dtype in (np.float32, np.float64, np.int64):
    rows_case(f"FeatureHasher-{_dtype.__name__}", FeatureHasher(n_features=16, input_type="string", dtype=_dtype),
              _words.train[:, :1], _strange[:, :1], kind="str")
rows_case("FeatureHasher-unsigned", FeatureHasher(n_features=8, input_type="string", alternate_sign=False,
                                                  dtype=np.float32), _words.train[:, :1], _strange[:, :1], kind="str")

for _strategy in ("mean", "median", "most_frequent", "constant"):
    transformer(SimpleImputer(strategy=_strategy), name=f"SimpleImputer-{_strategy}", change=with_missing)
transformer(SimpleImputer(missing_values=0.0), name="SimpleImputer-zero", data="digits")
estimator("SimpleImputer-int64", SimpleImputer(missing_values=0, strategy="most_frequent"), "digits", dtype="int64",
          unsupervised=True)
_holes = _words.train.copy()
_holes[::6, 1] = ""
_more_holes = _words.test.copy()
_more_holes[::4, 1] = ""
rows_case("SimpleImputer-strings", SimpleImputer(missing_values="", strategy="most_frequent"), _holes, _more_holes,
          kind="str")
for _weights in ("uniform", "distance"):
    transformer(KNNImputer(n_neighbors=3, weights=_weights), name=f"KNNImputer-{_weights}", change=with_missing,
                data="wine", scaled=True)  # without equal distances, which rounding would decide
