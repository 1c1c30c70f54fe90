"""Text: counts, tf-idf, and models on top of them."""

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from .case import Built, add
from .data import texts

_WORDS = r"[a-zA-Z0-9]+"  # a pattern that onnxruntime's tokenizer (RE2) reads, too
_TARGET = np.array(["animal", "other"] * 6)


def _text(name, model, covers=(), target=None, options=None, **case):
    """A case over one column of sentences."""

    def build():
        train, test = texts()
        trained = model.fit(train.ravel(), target)
        settings = {id(trained): options} if options else None
        onnx = to_onnx(trained, initial_types=[("X", StringTensorType([None, 1]))], options=settings)
        return Built(onnx.SerializeToString(), {"X": test})

    add(name, (type(model).__name__, *covers), build, **case)


for _kind in (CountVectorizer, TfidfVectorizer):
    _name = _kind.__name__
    _text(f"{_name}-default", _kind())
    _text(f"{_name}-words", _kind(token_pattern=_WORDS))
    _text(f"{_name}-case", _kind(token_pattern=_WORDS, lowercase=False))
    _text(f"{_name}-bigrams", _kind(ngram_range=(1, 2), token_pattern=_WORDS))
    _text(f"{_name}-bigrams-only", _kind(ngram_range=(2, 2), token_pattern=_WORDS))
    _text(f"{_name}-stop-words", _kind(stop_words=["the", "and", "a"], token_pattern=_WORDS))
    _text(f"{_name}-binary", _kind(binary=True, token_pattern=_WORDS))
    _text(f"{_name}-chars", _kind(analyzer="char", ngram_range=(1, 2)))
    _text(f"{_name}-chars-word-bounds", _kind(analyzer="char_wb", ngram_range=(2, 3)))
    _text(f"{_name}-max-features", _kind(max_features=7, token_pattern=_WORDS))
    _text(f"{_name}-vocabulary", _kind(vocabulary=["fox", "dog", "42"], token_pattern=_WORDS))

_text("TfidfVectorizer-l1", TfidfVectorizer(norm="l1", token_pattern=_WORDS))
_text("TfidfVectorizer-no-norm", TfidfVectorizer(norm=None, token_pattern=_WORDS))
_text("TfidfVectorizer-sublinear", TfidfVectorizer(sublinear_tf=True, token_pattern=_WORDS))
_text("TfidfVectorizer-no-idf", TfidfVectorizer(use_idf=False, token_pattern=_WORDS))
_text("TfidfVectorizer-separators", TfidfVectorizer(token_pattern=_WORDS), options={"separators": [" ", ",", "."]})

_counts = make_pipeline(CountVectorizer(token_pattern=_WORDS), MultinomialNB())
_text("Pipeline-text-bayes", _counts, ("CountVectorizer", "MultinomialNB"), _TARGET)
_text("Pipeline-text-logistic", make_pipeline(TfidfVectorizer(token_pattern=_WORDS), LogisticRegression()),
      ("TfidfVectorizer", "LogisticRegression"), _TARGET)
_text("Pipeline-text-sgd", make_pipeline(TfidfVectorizer(token_pattern=_WORDS, ngram_range=(1, 2)),
                                         SGDClassifier(loss="log_loss", random_state=0)), target=_TARGET)
_text("Pipeline-text-forest", make_pipeline(TfidfVectorizer(token_pattern=_WORDS),
                                            RandomForestClassifier(5, random_state=0)), target=_TARGET)
_text("Pipeline-text-transformer", make_pipeline(CountVectorizer(token_pattern=_WORDS), TfidfTransformer()),
      ("TfidfTransformer",))


def _tfidf_of_numbers():
    counts = np.random.default_rng(0).integers(0, 5, (30, 9)).astype(np.float32)
    trained = TfidfTransformer(sublinear_tf=False).fit(counts[10:])
    onnx = to_onnx(trained, initial_types=[("X", FloatTensorType([None, 9]))])
    return Built(onnx.SerializeToString(), {"X": counts[:10]})


add("TfidfTransformer", ("TfidfTransformer",), _tfidf_of_numbers)
