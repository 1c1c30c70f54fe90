"""Holds our outputs against the reference's."""

import numpy as np


def _strings(value):
    return value.dtype.kind in "OUST"


def difference(want, got, rtol, atol):
    """What differs between two tensors, None if nothing does. Anything but floats has to be equal."""
    if _strings(want) != _strings(got) or not _strings(want) and want.dtype != got.dtype:
        return f"element type {got.dtype}, expected {want.dtype}"
    if want.shape != got.shape:
        return f"shape {got.shape}, expected {want.shape}"
    if want.dtype.kind == "f":
        equal = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    elif _strings(want):
        equal = got.astype(str) == want.astype(str)
    else:
        equal = got == want
    if equal.all():
        return None
    first = tuple(int(i) for i in np.argwhere(~equal)[0])
    far = f", at most {np.nanmax(np.abs(got.astype(float) - want)):.3g} off" if want.dtype.kind == "f" else ""
    return (f"{(~equal).sum()} of {equal.size} values differ{far}; "
            f"at {list(first)} {got[first]!r}, expected {want[first]!r}")


def differences(want, got, rtol, atol):
    """All differences of {name: tensor} `got` from `want`, as lines."""
    lines = []
    for name, tensor in want.items():
        if name not in got:
            lines.append(f"output {name!r} is missing; there are {sorted(got)}")
        elif (line := difference(tensor, got[name], rtol, atol)) is not None:
            lines.append(f"output {name!r}: {line}")
    return lines
