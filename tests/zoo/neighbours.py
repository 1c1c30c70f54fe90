"""Neighbours, clusters, mixtures, Gaussian processes and support vectors."""

from sklearn import cluster, mixture
from sklearn import gaussian_process as gp
from sklearn import neighbors as nb
from sklearn import svm
from sklearn.gaussian_process import kernels as gk
from sklearn.linear_model import SGDOneClassSVM

from .sklearn_case import classifier, estimator, regressor, transformer

classifier(nb.KNeighborsClassifier(5))
classifier(nb.KNeighborsClassifier(3, weights="distance"), name="KNeighborsClassifier-distance", float64=False)
# Beyond the radius skl2onnx takes element -1, which onnxruntime refuses: only a radius that holds every row converts.
classifier(nb.RadiusNeighborsClassifier(radius=60.0, outlier_label="most_frequent"), scaled=True, multi=False)
classifier(nb.RadiusNeighborsClassifier(radius=40.0, weights="distance"), name="RadiusNeighborsClassifier-distance",
           scaled=True, float64=False, binary=False)
estimator("RadiusNeighborsClassifier-narrow", nb.RadiusNeighborsClassifier(radius=3.0, outlier_label=0), "iris",
          labels="int")
for _metric in ("manhattan", "chebyshev", "minkowski"):
    estimator(f"KNeighborsClassifier-{_metric}", nb.KNeighborsClassifier(3, metric=_metric, p=3), "iris", labels="str")
for _name, _options in (("cdist", {"optim": "cdist"}), ("raw", {"raw_scores": True})):
    estimator(f"KNeighborsClassifier-{_name}", nb.KNeighborsClassifier(3), "iris", labels="int", options=_options)

regressor(nb.KNeighborsRegressor(4), scaled=True)
regressor(nb.KNeighborsRegressor(4, weights="distance"), name="KNeighborsRegressor-distance", scaled=True)
regressor(nb.KNeighborsRegressor(2), name="KNeighborsRegressor-targets", data="linnerud")
regressor(nb.RadiusNeighborsRegressor(radius=50.0), scaled=True)
estimator("KNeighborsRegressor-cdist", nb.KNeighborsRegressor(4), "diabetes", options={"optim": "cdist"}, scaled=True)
estimator("KNeighborsRegressor-int64", nb.KNeighborsRegressor(4), "digits", dtype="int64")
for _model in (nb.NearestNeighbors(n_neighbors=3, radius=None), nb.KNeighborsTransformer(n_neighbors=3),
               nb.LocalOutlierFactor(n_neighbors=5, novelty=True)):
    # Iris is full of equal distances, where the lower index has to come first. In double precision these differ by 1e-16,
    # which the engine, computing in float32, cannot see: there the data has no such neighbours.
    transformer(_model, float64=False)
    estimator(f"{type(_model).__name__}-double", _model, "diabetes", dtype="float64", unsupervised=True, scaled=True)

_CANCELS = {"rtol": 1e-4, "atol": 1e-4, "tolerance_reason": "distances are roots of differences of near-equal squares, "
            "which the engine computes in float32 whatever the model's type"}
transformer(cluster.KMeans(4, random_state=0, n_init=2), float64=False)
estimator("KMeans-double", cluster.KMeans(4, random_state=0, n_init=2), "iris", dtype="float64", unsupervised=True,
          **_CANCELS)
transformer(cluster.KMeans(8, random_state=0, n_init=1), name="KMeans-wine", data="wine", scaled=True)
transformer(cluster.MiniBatchKMeans(4, random_state=0, n_init=2), float64=False)
estimator("MiniBatchKMeans-double", cluster.MiniBatchKMeans(4, random_state=0, n_init=2), "iris", dtype="float64",
          unsupervised=True, **_CANCELS)
estimator("KMeans-int64", cluster.KMeans(5, random_state=0, n_init=1), "digits", dtype="int64", unsupervised=True)
for _covariance in ("full", "tied", "diag", "spherical"):
    transformer(mixture.GaussianMixture(3, covariance_type=_covariance, random_state=0),
                name=f"GaussianMixture-{_covariance}", target_opset=18)
transformer(mixture.BayesianGaussianMixture(n_components=3, random_state=0), target_opset=18)
estimator("GaussianMixture-scores", mixture.GaussianMixture(3, random_state=0), "iris", unsupervised=True,
          options={"score_samples": True})

for _kernel in ("rbf", "linear", "poly", "sigmoid"):
    _suffix = "" if _kernel == "rbf" else f"-{_kernel}"
    classifier(svm.SVC(kernel=_kernel), name=f"SVC{_suffix}", scaled=True, float64=_kernel == "rbf")
    classifier(svm.SVC(kernel=_kernel, probability=True, random_state=0), name=f"SVC-probability{_suffix}",
               scaled=True, float64=_kernel == "rbf")
    regressor(svm.SVR(kernel=_kernel), name=f"SVR{_suffix}", scaled=True)
    transformer(svm.OneClassSVM(kernel=_kernel, nu=0.2), name=f"OneClassSVM{_suffix}", scaled=True,
                float64=_kernel == "rbf")
classifier(svm.NuSVC(nu=0.3), scaled=True)
classifier(svm.NuSVC(nu=0.3, probability=True, random_state=0), name="NuSVC-probability", scaled=True, float64=False)
classifier(svm.SVC(decision_function_shape="ovo"), name="SVC-ovo", scaled=True, binary=False, float64=False)
estimator("SVC-digits", svm.SVC(), "digits", labels="int", options={"zipmap": False})
estimator("SVC-int64", svm.SVC(probability=True, random_state=0), "digits", labels="str", dtype="int64",
          options={"zipmap": False})
estimator("SVC-raw", svm.SVC(), "wine", labels="int", options={"raw_scores": True}, scaled=True)
regressor(svm.NuSVR(), scaled=True)
transformer(SGDOneClassSVM(random_state=0), scaled=True)

_kernels = {  # with alpha large enough that the weights are of the size of the targets
    "rbf": gk.RBF(2.0),
    "matern": gk.Matern(2.0, nu=1.5),
    "rational": gk.RationalQuadratic(1.5, alpha=0.5),
    "sine": gk.ExpSineSquared(2.0, periodicity=3.0),
    "sum": gk.ConstantKernel(0.5) * gk.RBF(3.0) + gk.WhiteKernel(0.1),
    "dot": gk.DotProduct(1.0) + gk.WhiteKernel(0.5),
}
for _name, _kernel in _kernels.items():
    regressor(gp.GaussianProcessRegressor(_kernel, alpha=20.0 if _name in ("dot", "sine") else 0.1, optimizer=None),
              scaled=True, name=f"GaussianProcessRegressor-{_name}")
estimator("GaussianProcessRegressor-std", gp.GaussianProcessRegressor(gk.RBF(3.0), alpha=0.5, optimizer=None),
          "diabetes", options={"return_std": True}, dtype="float64", scaled=True)
classifier(gp.GaussianProcessClassifier(gk.RBF(2.0), optimizer=None), scaled=True)
