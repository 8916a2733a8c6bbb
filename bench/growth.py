#!/usr/bin/env python3
"""Runs the store's benchmark at 10^6, 10^7, ... rows and writes the figures of all sizes to one JSON file."""
import argparse
import json
import pathlib
import subprocess
import tempfile

OUT = pathlib.Path(__file__).resolve().parent.parent / "docs" / "performance" / "growth.json"


def measure(program, rows, work, more):
    with tempfile.NamedTemporaryFile(suffix=".json") as figures:
        subprocess.run([program, "--rows", str(rows), "--peers", "none", "--json", figures.name, "--work", work, *more], check=True)
        return json.load(figures)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--min", type=int, default=10**6)
    parser.add_argument("--max", type=int, default=10**7)
    parser.add_argument("--work", default="/var/tmp")
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    options, more = parser.parse_known_args()  # the rest is for the benchmark
    runs = []
    rows = options.min
    while rows <= options.max:
        runs.append(measure(options.program, rows, options.work, more))
        rows *= 10
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(runs, indent=2) + "\n")


if __name__ == "__main__":
    main()
