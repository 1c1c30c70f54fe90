"""docs/layers.md is what the library says of itself."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LAMINA_BIN", ROOT / "build/release/bin"))


def test_the_catalogue_of_layers_is_current():
    written = (ROOT / "docs" / "layers.md").read_text()
    generated = subprocess.run([BIN / "lamina", "layers", "--markdown"], capture_output=True, text=True, check=True).stdout
    assert "TreeEnsembleClassifier" in generated
    assert written.endswith(generated), "docs/layers.md is not what the library holds; run scripts/layers_page.sh"
