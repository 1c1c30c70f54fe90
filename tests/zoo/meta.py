"""Estimators of estimators."""

import numpy as np
from skl2onnx.sklapi import CastRegressor, CastTransformer, ReplaceTransformer
from sklearn import ensemble as en
from sklearn import model_selection as ms
from sklearn import multiclass as mc
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler
from sklearn.decomposition import PCA
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from .sklearn_case import classifier, estimator, regressor, transformer

_logistic = LogisticRegression(max_iter=200)
_tree = DecisionTreeClassifier(max_depth=4, random_state=0)
_parts = [("logistic", _logistic), ("tree", _tree), ("bayes", GaussianNB())]
_numbers = [("linear", LinearRegression()), ("tree", DecisionTreeRegressor(max_depth=4, random_state=0))]

classifier(en.VotingClassifier(_parts, voting="soft", flatten_transform=False), name="VotingClassifier-soft", scaled=True)
classifier(en.VotingClassifier(_parts, voting="hard", flatten_transform=False), name="VotingClassifier-hard", scaled=True)
classifier(en.VotingClassifier(_parts, voting="soft", flatten_transform=False,
                               weights=np.array([2, 1, 3])), name="VotingClassifier-weights", scaled=True,
           float64=False)
classifier(en.StackingClassifier(_parts, cv=3), scaled=True)
classifier(en.StackingClassifier(_parts, cv=3, passthrough=True), name="StackingClassifier-passthrough", scaled=True,
           float64=False)
classifier(en.BaggingClassifier(_tree, 5, random_state=0))
classifier(en.BaggingClassifier(_logistic, 3, max_features=0.5, random_state=0), name="BaggingClassifier-features",
           scaled=True)
classifier(en.AdaBoostClassifier(n_estimators=8, random_state=0))
classifier(en.AdaBoostClassifier(_tree, n_estimators=5, random_state=0), name="AdaBoostClassifier-deep")
classifier(mc.OneVsRestClassifier(_logistic), scaled=True)
classifier(mc.OneVsRestClassifier(_tree), name="OneVsRestClassifier-trees")
classifier(mc.OneVsOneClassifier(LinearSVC(random_state=0)), scaled=True, zipmap=False)
classifier(CalibratedClassifierCV(_tree, cv=3), name="CalibratedClassifierCV-sigmoid")
classifier(CalibratedClassifierCV(LinearSVC(random_state=0), cv=3, method="isotonic"), scaled=True,
           name="CalibratedClassifierCV-isotonic")
classifier(CalibratedClassifierCV(SGDClassifier(random_state=0), cv=2), scaled=True, name="CalibratedClassifierCV-sgd")
classifier(ms.GridSearchCV(_tree, {"max_depth": [2, 4]}, cv=3), name="GridSearchCV")
classifier(ms.TunedThresholdClassifierCV(_logistic, cv=3), multi=False, float64=False, scaled=True)

regressor(en.VotingRegressor(_numbers), scaled=True)
regressor(en.StackingRegressor(_numbers, cv=3), scaled=True)
regressor(en.BaggingRegressor(_numbers[1][1], 5, random_state=0))
regressor(en.BaggingRegressor(Ridge(), 4, max_features=0.6, random_state=0), name="BaggingRegressor-features",
          scaled=True)
regressor(en.AdaBoostRegressor(n_estimators=6, random_state=0))
regressor(ms.GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=3), name="GridSearchCV-regressor", scaled=True)

classifier(make_pipeline(StandardScaler(), _logistic))
classifier(make_pipeline(StandardScaler(), PCA(3), SVC(probability=True, random_state=0)), name="Pipeline-svc")
# Scaled values within one rounding of a threshold fall on either side of it (the engine fuses multiply and add): this
# forest has none.
classifier(make_pipeline(MinMaxScaler(), en.RandomForestClassifier(8, random_state=3)), name="Pipeline-forest",
           float64=False)
regressor(make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge()), name="Pipeline-polynomial")
regressor(make_pipeline(StandardScaler(), en.GradientBoostingRegressor(n_estimators=10)), name="Pipeline-boosting")
_union = FeatureUnion([("pca", PCA(2)), ("scaled", Pipeline([("a", StandardScaler()), ("b", MinMaxScaler())]))])
transformer(_union)
transformer(FeatureUnion([("pca", PCA(2)), ("scaled", MinMaxScaler())], transformer_weights={"pca": 2, "scaled": 0.5}),
            name="FeatureUnion-weights")
classifier(make_pipeline(_union, _tree), name="FeatureUnion-tree", covers=("FeatureUnion",))
estimator("OneVsRestClassifier-digits", mc.OneVsRestClassifier(_logistic), "digits", labels="int",
          options={"zipmap": False})

# The estimators that skl2onnx adds to scikit-learn's: casts between float32 and double, and one value for another.
estimator("CastTransformer-double", make_pipeline(CastTransformer(dtype=np.float64), StandardScaler(),
                                                  CastTransformer(dtype=np.float32), _tree), "iris", labels="int",
          dtype="float64", covers=("CastTransformer",), options={"zipmap": False})
transformer(CastTransformer(dtype=np.int64), name="CastTransformer-int64", data="digits")
estimator("CastRegressor", CastRegressor(DecisionTreeRegressor(max_depth=5, random_state=0), dtype=np.float32), "diabetes")
transformer(ReplaceTransformer(from_value=0, to_value=np.nan, dtype=np.float32), data="digits", float64=False)
