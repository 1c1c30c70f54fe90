"""scikit-learn's own trees and forests."""

from sklearn import ensemble as en
from sklearn import tree
from sklearn.multioutput import MultiOutputRegressor

from .data import as_categories, with_missing
from .sklearn_case import ML3, classifier, estimator, regressor, transformer

for _model in [
    tree.DecisionTreeClassifier(random_state=0),
    tree.ExtraTreeClassifier(random_state=0),
    en.RandomForestClassifier(12, random_state=0),
    en.ExtraTreesClassifier(12, random_state=0),
    en.GradientBoostingClassifier(n_estimators=12, random_state=0),
    en.HistGradientBoostingClassifier(max_iter=10, random_state=0),
]:
    classifier(_model)

for _model in [
    tree.DecisionTreeRegressor(random_state=0),
    tree.ExtraTreeRegressor(random_state=0),
    en.RandomForestRegressor(12, random_state=0),
    en.ExtraTreesRegressor(12, random_state=0),
    en.GradientBoostingRegressor(n_estimators=30, random_state=0),
    en.HistGradientBoostingRegressor(max_iter=30, random_state=0),
]:
    regressor(_model)

# Sizes: a stump, one leaf, a deep tree, more leaves than a byte counts, many trees.
estimator("DecisionTreeClassifier-stump", tree.DecisionTreeClassifier(max_depth=1), "iris", labels="str")
estimator("DecisionTreeRegressor-one-leaf", tree.DecisionTreeRegressor(min_samples_split=10_000), "diabetes")
estimator("DecisionTreeRegressor-int64", tree.DecisionTreeRegressor(random_state=0), "digits", dtype="int64")
estimator("DecisionTreeRegressor-targets", tree.DecisionTreeRegressor(random_state=0), "linnerud")
estimator("RandomForestClassifier-digits", en.RandomForestClassifier(40, random_state=0), "digits", labels="int")
estimator("RandomForestClassifier-int64", en.RandomForestClassifier(10, random_state=0), "digits", labels="str",
          dtype="int64")
estimator("RandomForestRegressor-100-trees", en.RandomForestRegressor(100, random_state=0, n_jobs=2), "diabetes")
estimator("RandomForestRegressor-targets", en.RandomForestRegressor(10, random_state=0), "linnerud")
estimator("MultiOutputRegressor-trees", MultiOutputRegressor(en.GradientBoostingRegressor(n_estimators=5)), "linnerud")
estimator("RandomForestClassifier-columns", en.RandomForestClassifier(6, random_state=0), "iris", labels="str",
          options={"zipmap": "columns"})
for _opset in (9, 12, 15, 21):
    estimator(f"RandomForestClassifier-opset-{_opset}", en.RandomForestClassifier(6, random_state=0), "iris",
              labels="int", target_opset=_opset)

for _name, _option in [("path", "decision_path"), ("leaf", "decision_leaf")]:
    for _model in [tree.DecisionTreeClassifier(max_depth=3), en.RandomForestClassifier(3, max_depth=3, random_state=0)]:
        estimator(f"{type(_model).__name__}-{_name}", _model, "iris", labels="int",
                  options={_option: True, "zipmap": False})
    for _model in [tree.DecisionTreeRegressor(max_depth=3), en.RandomForestRegressor(3, max_depth=3, random_state=0)]:
        estimator(f"{type(_model).__name__}-{_name}", _model, "diabetes", options={_option: True})

# Boosting: depth, losses, raw scores.
estimator("GradientBoostingClassifier-raw", en.GradientBoostingClassifier(n_estimators=5), "wine", labels="int",
          options={"raw_scores": True})
estimator("GradientBoostingClassifier-depth-6", en.GradientBoostingClassifier(n_estimators=20, max_depth=6), "cancer",
          labels="str")
estimator("GradientBoostingClassifier-exponential", en.GradientBoostingClassifier(n_estimators=8, loss="exponential"),
          "cancer", labels="int")
for _loss in ("absolute_error", "huber", "quantile"):
    estimator(f"GradientBoostingRegressor-{_loss}", en.GradientBoostingRegressor(n_estimators=15, loss=_loss),
              "diabetes")
for _loss in ("poisson", "gamma", "absolute_error"):
    estimator(f"HistGradientBoostingRegressor-{_loss}", en.HistGradientBoostingRegressor(max_iter=10, loss=_loss),
              "diabetes")

# Missing values and categories.
estimator("HistGradientBoostingClassifier-missing", en.HistGradientBoostingClassifier(max_iter=10), "cancer",
          labels="int", change=with_missing)
estimator("HistGradientBoostingClassifier-missing-multi", en.HistGradientBoostingClassifier(max_iter=6), "wine",
          labels="str", change=with_missing)
estimator("HistGradientBoostingRegressor-missing", en.HistGradientBoostingRegressor(max_iter=15), "diabetes",
          change=with_missing)
estimator("HistGradientBoostingRegressor-missing-double", en.HistGradientBoostingRegressor(max_iter=15), "diabetes",
          change=with_missing, dtype="float64")
estimator("HistGradientBoostingRegressor-categories",
          en.HistGradientBoostingRegressor(max_iter=10, categorical_features=[1, 3]), "diabetes",
          change=lambda rows: as_categories(rows, [1, 3]))
estimator("DecisionTreeClassifier-missing", tree.DecisionTreeClassifier(max_depth=5), "cancer", labels="int",
          change=with_missing)
estimator("RandomForestRegressor-missing", en.RandomForestRegressor(10, random_state=0), "diabetes",
          change=with_missing)

# Outliers and embeddings.
transformer(en.IsolationForest(n_estimators=10, random_state=0), data="cancer", target_opset=ML3)
estimator("IsolationForest-scores", en.IsolationForest(n_estimators=10, random_state=0), "iris", unsupervised=True,
          options={"score_samples": True}, target_opset=ML3)
transformer(en.RandomTreesEmbedding(n_estimators=4, max_depth=3, random_state=0, sparse_output=False),
            data="iris", target_opset=ML3)
