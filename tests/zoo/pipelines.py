"""Tables with columns of several kinds: ColumnTransformer before scikit-learn's and the boosting libraries' models."""

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (FunctionTransformer, KBinsDiscretizer, OneHotEncoder, OrdinalEncoder, PowerTransformer,
                                   StandardScaler)
from sklearn.svm import SVC
from xgboost import XGBClassifier

from .boosters import register_boosters
from .data import HELD_OUT, TEXTS, words
from .sklearn_case import ML3, table

register_boosters()


def _table():
    """Strings, integers, measures with holes, text; and the class."""
    rng = np.random.default_rng(11)
    rows = words()
    strings = np.concatenate([rows.train, rows.test]).astype(str)
    count = len(strings)
    frame = pd.DataFrame({"colour": strings[:, 0], "size": strings[:, 1]})
    frame["age"] = rng.integers(18, 80, count)
    frame["height"] = rng.normal(1.7, 0.1, count).astype(np.float32)
    frame["income"] = rng.lognormal(3, 1, count).astype(np.float32)
    frame.loc[rng.random(count) < 0.2, "income"] = np.nan
    frame["remark"] = rng.choice(TEXTS, count)
    target = (frame["age"] + 30 * (frame["colour"] == "red") + rng.normal(0, 9, count) > 52).to_numpy()
    return frame, target


_frame, _target = _table()
_train, _test = _frame[HELD_OUT:], _frame[:HELD_OUT]
_classes = np.where(_target, "yes", "no")[HELD_OUT:]
_amount = (_frame["age"] * 2.0 + 5 * (_frame["size"] == "L")).to_numpy()[HELD_OUT:]
_kinds = {"colour": "str", "size": "str", "age": "int64", "height": "float32", "income": "float32", "remark": "str"}


def _columns(*names):
    return {name: _kinds[name] for name in names}


def _mixed(encoder):
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    return ColumnTransformer([("words", encoder, ["colour", "size"]), ("numbers", numbers, ["height", "income"])])


_hot = OneHotEncoder(handle_unknown="ignore")
_four = _columns("colour", "size", "height", "income")
_covers = ("ColumnTransformer", "OneHotEncoder", "SimpleImputer", "StandardScaler")

table("ColumnTransformer", _mixed(_hot), _four, _train, _classes, _test)
table("ColumnTransformer-ordinal", _mixed(OrdinalEncoder()), _four, _train, _classes, _test)
table("ColumnTransformer-passthrough", ColumnTransformer([("words", _hot, ["colour"])], remainder="passthrough"),
      _columns("colour", "height"), _train[["colour", "height"]], None, _test)
table("ColumnTransformer-power", ColumnTransformer([("p", PowerTransformer(), ["height"]),
                                                    ("b", KBinsDiscretizer(3, encode="onehot-dense"), ["age"])]),
      _columns("height", "age"), _train, None, _test)
table("ColumnTransformer-ints", make_pipeline(ColumnTransformer([("age", FunctionTransformer(), ["age"])]),
                                              StandardScaler()), _columns("age"), _train, None, _test)

for _name, _model in {
    "logistic": LogisticRegression(),
    "forest": RandomForestClassifier(10, random_state=0),
    "svc": SVC(probability=True, random_state=0),
    "lightgbm": LGBMClassifier(n_estimators=10, verbose=-1, n_jobs=1),
    "xgboost": XGBClassifier(n_estimators=10, n_jobs=1),
}.items():
    _target_of = (_classes == "yes").astype(np.int64) if _name == "xgboost" else _classes
    table(f"Table-{_name}", make_pipeline(_mixed(_hot), _model), _four, _train, _target_of, _test,
          covers=(*_covers, type(_model).__name__), target_opset=ML3)

for _model in (Ridge(), GradientBoostingRegressor(n_estimators=10), LGBMRegressor(n_estimators=10, verbose=-1, n_jobs=1)):
    table(f"Table-{type(_model).__name__}", make_pipeline(_mixed(OrdinalEncoder()), _model), _four, _train, _amount,
          _test, covers=_covers, target_opset=ML3)

_text = ColumnTransformer([("remark", TfidfVectorizer(token_pattern="[a-zA-Z0-9]+"), "remark"),
                           ("words", _hot, ["colour"]), ("numbers", StandardScaler(), ["height"])])
table("Table-text", make_pipeline(_text, LogisticRegression()), _columns("remark", "colour", "height"), _train,
      _classes, _test, covers=("TfidfVectorizer",))
