"""Where Lamina's shared libraries are."""

import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _folders() -> list[Path]:
    """$LAMINA_LIBRARIES, the wheel's own folder, an installation's, a source tree's release build."""
    named = os.environ.get("LAMINA_LIBRARIES")
    folders = [Path(named)] if named else []
    return folders + [_HERE / "lib", _HERE.parents[1] / "lib", _HERE.parents[1] / "build" / "release" / "lib"]


def find_library(name: str) -> str:
    """The path of one of Lamina's libraries; FileNotFoundError says where it was looked for."""
    for folder in _folders():
        if (folder / name).is_file():
            return str(folder / name)
    looked = ", ".join(str(folder) for folder in _folders())
    raise FileNotFoundError(
        f"{name} is in none of {looked}. Build it (./run.sh --build), or set LAMINA_LIBRARIES to its folder."
    )


def extension_path() -> str:
    """The path of libcpu_extension.so, for ov.Core.add_extension."""
    return find_library("libcpu_extension.so")
