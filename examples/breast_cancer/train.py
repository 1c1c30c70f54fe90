"""Trains a LightGBM classifier on scikit-learn's breast-cancer data and writes it as ONNX.

    python train.py DIRECTORY

writes DIRECTORY/1/model.onnx (an input of [rows, 30] f32; outputs: the label, and the two classes' probabilities) and
DIRECTORY.held_out.npz (the quarter of the rows that was not trained on: x, y)."""
import os
import sys
import warnings

import lightgbm
import numpy as np
import onnx
import onnxmltools
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

warnings.filterwarnings("ignore")


def train(directory):
    """Returns the held-out rows [n, 30] f32 and their classes [n] (0: malignant, 1: benign)."""
    x, y = load_breast_cancer(return_X_y=True)
    x = x.astype(np.float32)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=0, stratify=y)
    # One thread: with 426 rows several wait for each other, for minutes where the machine is busy.
    model = lightgbm.LGBMClassifier(n_estimators=200, num_leaves=31, n_jobs=1, random_state=0, verbose=-1)
    model.fit(x_train, y_train)
    converted = onnxmltools.convert_lightgbm(
        model, initial_types=[("features", FloatTensorType([None, x.shape[1]]))], target_opset=15)
    os.makedirs(os.path.join(directory, "1"), exist_ok=True)
    onnx.save(converted, os.path.join(directory, "1", "model.onnx"))
    np.savez(directory + ".held_out.npz", x=x_test, y=y_test)
    return x_test, y_test


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    held_out, _ = train(sys.argv[1])
    print(f"wrote {sys.argv[1]}/1/model.onnx; {len(held_out)} rows held out")
