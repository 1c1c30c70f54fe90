"""Linear models and discriminant analysis."""

import numpy as np
from sklearn import linear_model as lm
from sklearn.cross_decomposition import PLSRegression
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.svm import LinearSVC, LinearSVR

from .case import Built, add
from .data import split
from .sklearn_case import classifier, convert, estimator, regressor, tensor_type

for _model in [
    lm.ARDRegression(),
    lm.BayesianRidge(),
    lm.ElasticNet(),
    lm.ElasticNetCV(cv=3),
    lm.GammaRegressor(),
    lm.HuberRegressor(),
    lm.Lars(),
    lm.LarsCV(cv=3),
    lm.Lasso(),
    lm.LassoCV(cv=3),
    lm.LassoLars(),
    lm.LassoLarsCV(cv=3),
    lm.LassoLarsIC(),
    lm.LinearRegression(),
    lm.OrthogonalMatchingPursuit(n_nonzero_coefs=4),
    lm.OrthogonalMatchingPursuitCV(cv=3),
    lm.PassiveAggressiveRegressor(random_state=0),
    lm.PoissonRegressor(),
    lm.QuantileRegressor(),
    lm.RANSACRegressor(random_state=0),
    lm.Ridge(),
    lm.RidgeCV(),
    lm.SGDRegressor(random_state=0),
    lm.TheilSenRegressor(random_state=0, max_subpopulation=100),
    lm.TweedieRegressor(power=1.5),
    LinearSVR(random_state=0),
]:
    regressor(_model, scaled=True)

regressor(lm.TweedieRegressor(power=0), name="TweedieRegressor-identity", scaled=True)
regressor(lm.LinearRegression(fit_intercept=False), name="LinearRegression-no-intercept", scaled=True)
estimator("LinearRegression-int64", lm.LinearRegression(), "digits", dtype="int64")
estimator("BayesianRidge-std", lm.BayesianRidge(), "diabetes", options={"return_std": True}, scaled=True)

for _model in [
    lm.LinearRegression(),
    lm.MultiTaskElasticNet(),
    lm.MultiTaskElasticNetCV(cv=3),
    lm.MultiTaskLasso(),
    lm.MultiTaskLassoCV(cv=3),
    lm.Ridge(),
    PLSRegression(n_components=2),
    MultiOutputRegressor(lm.Ridge()),
]:
    regressor(_model, name=f"{type(_model).__name__}-targets", data="linnerud")

for _model in [
    lm.LogisticRegression(max_iter=200),
    lm.LogisticRegressionCV(cv=3, Cs=3, max_iter=200),
    lm.SGDClassifier(loss="log_loss", random_state=0),
    LinearDiscriminantAnalysis(),
    QuadraticDiscriminantAnalysis(reg_param=0.1),
]:
    classifier(_model, scaled=True)

for _model in [
    lm.Perceptron(random_state=0),
    lm.PassiveAggressiveClassifier(random_state=0),
    LinearSVC(random_state=0),
    lm.RidgeClassifier(),
    lm.RidgeClassifierCV(),
]:
    classifier(_model, scaled=True, zipmap=not isinstance(_model, LinearSVC))

classifier(lm.SGDClassifier(loss="modified_huber", random_state=0), name="SGDClassifier-huber", scaled=True)
classifier(lm.SGDClassifier(loss="hinge", random_state=0), name="SGDClassifier-hinge", scaled=True)
classifier(lm.LogisticRegression(solver="liblinear"), name="LogisticRegression-liblinear", multi=False, float64=False,
           scaled=True)

_logistic = lm.LogisticRegression(max_iter=200)
estimator("LogisticRegression-raw-scores", _logistic, "wine", labels="int", options={"raw_scores": True}, scaled=True)
estimator("LogisticRegression-columns", _logistic, "wine", labels="str", options={"zipmap": "columns"}, scaled=True)
estimator("LogisticRegression-class-labels", _logistic, "wine", labels="str", scaled=True,
          options={"zipmap": False, "output_class_labels": True})
estimator("LogisticRegression-nocl", _logistic, "wine", labels="str", scaled=True,
          options={"zipmap": False, "nocl": True})
estimator("LogisticRegression-int64", _logistic, "digits", labels="int", dtype="int64")
for _opset in (9, 12, 15, 17, 21):
    estimator(f"LogisticRegression-opset-{_opset}", _logistic, "iris", labels="str", target_opset=_opset, scaled=True)


def _two_classes(kind):
    def build():
        halves = split("iris", scaled=True)
        target = np.stack([halves.labels(kind), np.roll(halves.labels(kind), 1)], axis=1)
        trained = MultiOutputClassifier(lm.LogisticRegression(max_iter=200)).fit(halves.train, target)
        inputs = [("X", tensor_type("float32", halves.train.shape[1]))]
        return Built(convert(trained, inputs, {id(trained): {"zipmap": False}}), {"X": halves.test})

    add(f"MultiOutputClassifier-{kind}", ("MultiOutputClassifier",), build)


for _kind in ("int", "str"):
    _two_classes(_kind)
