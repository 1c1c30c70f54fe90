"""How models of LightGBM, XGBoost and CatBoost become ONNX, alone and inside scikit-learn's pipelines."""

import tempfile
from pathlib import Path

import lightgbm
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm as lightgbm_operator
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost as xgboost_operator
from skl2onnx import update_registered_converter
from skl2onnx.common.shape_calculator import (calculate_linear_classifier_output_shapes,
                                              calculate_linear_regressor_output_shapes)

_CLASSIFIER = {"nocl": [True, False], "zipmap": [True, False, "columns"], "raw_scores": [True, False]}


def register_boosters():
    """Lets skl2onnx convert pipelines that hold models of LightGBM and XGBoost."""
    classes = calculate_linear_classifier_output_shapes
    numbers = calculate_linear_regressor_output_shapes
    update_registered_converter(lightgbm.LGBMClassifier, "LightGbmLGBMClassifier", classes, lightgbm_operator,
                                options=_CLASSIFIER)
    update_registered_converter(lightgbm.LGBMRegressor, "LightGbmLGBMRegressor", numbers, lightgbm_operator,
                                options={"split": None})
    update_registered_converter(xgboost.XGBClassifier, "XGBoostXGBClassifier", classes, xgboost_operator,
                                options=_CLASSIFIER)
    update_registered_converter(xgboost.XGBRegressor, "XGBoostXGBRegressor", numbers, xgboost_operator)


def lightgbm_onnx(model, columns, **options):
    """The ONNX bytes of a LightGBM model or booster."""
    inputs = [("X", FloatTensorType([None, columns]))]
    return convert_lightgbm(model, initial_types=inputs, target_opset=15, **options).SerializeToString()


def xgboost_onnx(model, columns):
    """The ONNX bytes of an XGBoost model or booster."""
    inputs = [("X", FloatTensorType([None, columns]))]
    return convert_xgboost(model, initial_types=inputs, target_opset=15).SerializeToString()


def catboost_onnx(model):
    """The ONNX bytes of a CatBoost model, by its own exporter (input "features")."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        model.save_model(str(path), format="onnx")
        return path.read_bytes()
