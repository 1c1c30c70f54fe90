"""Every case of the zoo: importing this fills case.CASES."""

# ruff: noqa: F401
from . import bayes, boosting, encoders, linear, meta, neighbours, pipelines, preprocess, text, tree_versions, trees
from .case import CASES
