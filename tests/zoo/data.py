"""The data the zoo is trained on: the sets that scikit-learn ships, and columns made from them."""

import functools
from dataclasses import dataclass

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

HELD_OUT = 37  # rows; no multiple of any vector width


@dataclass(frozen=True)
class Split:
    """Rows to train on and rows held out. Values are representable in float32."""

    train: np.ndarray
    target: np.ndarray
    test: np.ndarray
    names: tuple = ()  # class names, where the target is a class

    def labels(self, kind):
        """The training target as class numbers ("int"), class names ("str") or numbers far from 0..n ("odd")."""
        if kind == "str":
            return np.array([self.names[i] for i in self.target])
        if kind == "odd":
            return self.target.astype(np.int64) * 10 - 7
        return self.target


_LOADERS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
    "linnerud": datasets.load_linnerud,
}


@functools.cache
def split(name, scaled=False):
    """The set `name`, split; with `scaled`, every column has mean 0 and deviation 1."""
    bunch = _LOADERS[name]()
    rows = bunch.data.astype(np.float32)
    if name == "digits":
        rows = rows[:600]
        bunch.target = bunch.target[:600]
    if scaled:
        rows = ((rows - rows.mean(0)) / np.maximum(rows.std(0), 1e-3)).astype(np.float32)
    held = 5 if name == "linnerud" else HELD_OUT
    classes = name not in ("diabetes", "linnerud")
    train, test, target, _ = train_test_split(
        rows, bunch.target, test_size=held, random_state=7, stratify=bunch.target if classes else None
    )
    names = tuple(str(n) for n in bunch.target_names) if classes else ()
    return Split(train, target, test, names)


def with_missing(rows, share=0.15, seed=0):
    """A copy of `rows` in which a `share` of the values is NaN."""
    holes = np.random.default_rng(seed).random(rows.shape) < share
    out = rows.copy()
    out[holes] = np.nan
    return out


def as_categories(rows, columns, bins=6):
    """A copy of `rows` whose `columns` hold bin numbers 0..bins-1 instead of measures."""
    out = rows.copy()
    for column in columns:
        edges = np.quantile(out[:, column], np.linspace(0, 1, bins + 1)[1:-1])
        out[:, column] = np.digitize(out[:, column], edges)
    return out


@functools.cache
def words():
    """String columns (colour, size, city with two rare values) and a class that depends on them: Split."""
    rng = np.random.default_rng(3)
    count = 240
    colour = rng.choice(["red", "green", "blue", "grün"], count)
    size = rng.choice(["S", "M", "L", "XL"], count, p=[0.3, 0.4, 0.2, 0.1])
    city = rng.choice(["Oslo", "Rome", "New York", "Köln", "Lima"], count)
    rows = np.stack([colour, size, city], axis=1).astype(object)
    target = ((colour == "red") ^ (size == "L") | (city == "Lima")).astype(np.int64)
    return Split(rows[HELD_OUT:], target[HELD_OUT:], rows[:HELD_OUT], ("no", "yes"))


TEXTS = [
    "The quick brown fox jumps over the lazy dog",
    "A second sentence, with commas and a number 42",
    "quick quick brown brown bread",
    "The dog sleeps; the fox runs.",
    "Bread and butter and bread",
    "Numbers 1 2 3 and 42 again",
    "UPPER lower MiXeD case words",
    "the the the the",
    "fox",
    "Sentence with words that nobody else uses: zyzzyva",
    "butter on the brown bread of the second dog",
    "a commas second number, and the number 42",
]


def texts():
    """Sentences to train on and others (with unknown words, and an empty one) to try."""
    tried = TEXTS[::2] + ["completely unknown words", "", "The lazy fox and the quick dog", "42 42 42"]
    return np.array(TEXTS).reshape(-1, 1), np.array(tried).reshape(-1, 1)
