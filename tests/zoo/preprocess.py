"""Scalers, discretisers, decompositions and selections: numbers in, numbers out."""

from sklearn import decomposition as dc
from sklearn import feature_selection as fs
from sklearn import preprocessing as pp
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.random_projection import GaussianRandomProjection
from sklearn.tree import DecisionTreeClassifier

from .data import split, with_missing
from .sklearn_case import estimator, rows_case, transformer

for _model in [
    pp.Binarizer(threshold=2.5),
    pp.MaxAbsScaler(),
    pp.MinMaxScaler(),
    pp.Normalizer(),
    pp.PolynomialFeatures(2),
    pp.PowerTransformer(),
    pp.RobustScaler(),
    pp.StandardScaler(),
    pp.QuantileTransformer(n_quantiles=20),
    pp.FunctionTransformer(),
    dc.PCA(3),
    dc.IncrementalPCA(3),
    dc.TruncatedSVD(3),
    dc.KernelPCA(3, kernel="rbf"),
    GaussianRandomProjection(3, random_state=0),
    fs.VarianceThreshold(0.2),
]:
    transformer(_model)

for _norm in ("l1", "max"):
    transformer(pp.Normalizer(norm=_norm), name=f"Normalizer-{_norm}", scaled=True)
for _kind in ("poly", "sigmoid", "cosine", "linear"):
    transformer(dc.KernelPCA(2, kernel=_kind), name=f"KernelPCA-{_kind}", scaled=True)
transformer(pp.MinMaxScaler(feature_range=(-1, 2), clip=True), name="MinMaxScaler-clip")
transformer(pp.StandardScaler(with_mean=False), name="StandardScaler-no-mean")
transformer(pp.StandardScaler(with_std=False), name="StandardScaler-no-std")
transformer(pp.RobustScaler(with_centering=False), name="RobustScaler-no-centre")
transformer(pp.PolynomialFeatures(3, interaction_only=True), name="PolynomialFeatures-interactions")
transformer(pp.PolynomialFeatures(3, include_bias=False), name="PolynomialFeatures-cubic")
transformer(pp.PowerTransformer(method="box-cox"), name="PowerTransformer-box-cox")
transformer(pp.PowerTransformer(standardize=False), name="PowerTransformer-plain", scaled=True)
transformer(pp.QuantileTransformer(n_quantiles=20, output_distribution="normal"), name="QuantileTransformer-normal")
transformer(dc.PCA(3, whiten=True), name="PCA-whiten")

_iris = split("iris")
for _kind in ("float32", "float64"):
    rows_case(f"KernelCenterer-{_kind}", pp.KernelCenterer(), _iris.train @ _iris.train.T, _iris.test @ _iris.train.T,
              kind=_kind)

for _encode in ("onehot-dense", "ordinal", "onehot"):
    for _strategy in ("uniform", "quantile", "kmeans"):
        transformer(pp.KBinsDiscretizer(4, encode=_encode, strategy=_strategy), float64=_strategy == "uniform",
                    name=f"KBinsDiscretizer-{_encode}-{_strategy}")

for _model in [
    fs.GenericUnivariateSelect(mode="k_best", param=2),
    fs.SelectFdr(),
    fs.SelectFpr(),
    fs.SelectFwe(),
    fs.SelectKBest(k=2),
    fs.SelectPercentile(percentile=50),
    fs.SelectFromModel(DecisionTreeClassifier(random_state=0)),
    fs.RFE(LogisticRegression(max_iter=300), n_features_to_select=2),
    fs.RFECV(DecisionTreeClassifier(random_state=0), cv=3),
    NeighborhoodComponentsAnalysis(n_components=2, random_state=0),
]:
    transformer(_model, labels="int")

for _model in [pp.StandardScaler(), pp.MinMaxScaler(), pp.MaxAbsScaler(), pp.Binarizer(threshold=3), dc.PCA(5),
               fs.VarianceThreshold(4.0), pp.Normalizer()]:
    estimator(f"{type(_model).__name__}-int64", _model, "digits", dtype="int64", unsupervised=True)

estimator("PolynomialFeatures-int64", pp.PolynomialFeatures(2), "iris", dtype="int64", unsupervised=True)
estimator("StandardScaler-missing", pp.StandardScaler(), "iris", unsupervised=True, change=with_missing)
