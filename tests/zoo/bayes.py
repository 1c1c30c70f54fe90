"""Naive Bayes and neural networks."""

import numpy as np
from sklearn import naive_bayes as nb
from sklearn.neural_network import MLPClassifier, MLPRegressor

from .data import as_categories
from .sklearn_case import classifier, estimator, regressor

classifier(nb.GaussianNB(), scaled=True)
classifier(nb.BernoulliNB(binarize=0.0), scaled=True)
classifier(nb.MultinomialNB())
classifier(nb.ComplementNB())
classifier(nb.CategoricalNB(min_categories=40), change=lambda rows: np.minimum(np.floor(np.abs(rows)), 30))
_LARGE_SUMS = {"rtol": 1e-4, "atol": 3e-5, "tolerance_reason": "log-likelihoods of 64 columns are sums of hundreds in "
               "float32; their exponentials show the order of summation"}
for _model in (nb.GaussianNB(), nb.BernoulliNB(), nb.MultinomialNB(), nb.ComplementNB(), nb.CategoricalNB()):
    estimator(f"{type(_model).__name__}-int64", _model, "digits", labels="int", dtype="int64",
              change=lambda rows: as_categories(rows, range(rows.shape[1]), 4), **_LARGE_SUMS)

classifier(MLPClassifier((16, 8), max_iter=40, random_state=0), scaled=True)
regressor(MLPRegressor(hidden_layer_sizes=(16,), max_iter=40, random_state=0), scaled=True)
regressor(MLPRegressor(hidden_layer_sizes=(8,), max_iter=40, random_state=0), name="MLPRegressor-targets", data="linnerud", scaled=True)
for _activation in ("identity", "logistic", "tanh"):
    classifier(MLPClassifier((8,), activation=_activation, max_iter=30, random_state=0), scaled=True, float64=False,
               name=f"MLPClassifier-{_activation}", multi=False)
    regressor(MLPRegressor(hidden_layer_sizes=(8,), activation=_activation, max_iter=30, random_state=0), scaled=True, float64=False,
              name=f"MLPRegressor-{_activation}")
estimator("MLPClassifier-int64", MLPClassifier((12,), max_iter=20, random_state=0), "digits", labels="str",
          dtype="int64")
