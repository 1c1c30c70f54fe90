"""Every case of the zoo: importing this fills case.CASES."""

from . import bayes, boosting, encoders, linear, meta, neighbours, pipelines, preprocess, text, trees  # noqa: F401
from .case import CASES  # noqa: F401
