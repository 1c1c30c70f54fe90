"""Benchmarks; each folder is one, run as `python -m bench.NAME` from the repository's root."""
