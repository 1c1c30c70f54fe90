"""The REST side against its own OpenAPI document, by schemathesis: requests that the document allows, and such that it
does not, and whether status, type and body of each answer are among those that it tells of."""

import subprocess
import sys
import time

import requests

from .rest_server import rest  # noqa: F401

# The document cannot say that a tensor has as many elements as its shape says, or that a text is a model's settings: some
# of what it allows is refused.
NOT_CHECKED = "positive_data_acceptance"


def schemathesis(rest, folder, *arguments, config=""):
    (folder / "schemathesis.toml").write_text(config)
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", folder / "schemathesis.toml", "run",
         f"http://{rest}/openapi.json", "--seed", "2026", "--request-timeout", "10", "--phases", "coverage,fuzzing",
         "--generation-database", "none", "--exclude-checks", NOT_CHECKED, "--no-color", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def wait_until_ready(rest):
    end = time.monotonic() + 60
    while requests.get(f"http://{rest}/v2/health/ready").status_code != 200:
        assert time.monotonic() < end, "the models did not load"
        time.sleep(0.05)


def test_every_operation(rest, tmp_path):
    wait_until_ready(rest)
    paths = requests.get(f"http://{rest}/openapi.json").json()["paths"]
    count = sum(map(len, paths.values())) - 1  # the document itself is not asked for again
    assert f"Tested: {count}\n" in schemathesis(rest, tmp_path, "--max-examples", "5")


def test_operations_on_a_model_that_is_there(rest, tmp_path):
    """With names by chance nearly all that the first test gets is 404."""
    wait_until_ready(rest)
    model = '[parameters]\nmodel = "tiny"\n'
    schemathesis(rest, tmp_path, "--max-examples", "5", "--include-path-regex", "^/v[12]/models/{model}", config=model)
    wait_until_ready(rest)
