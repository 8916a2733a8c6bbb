#!/usr/bin/env python3
"""The benchmark still runs, and its JSON has the keys that docs/performance.md promises."""
import json
import pathlib
import subprocess
import sys
import tempfile

FIGURES = ["bytes_per_session", "cpu_s_per_million", "rows_per_s_per_core", "warm_p50_us", "warm_p99_us",
           "cold_p50_us", "cold_p99_us", "miss_p50_us"]


def run(program, *options):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "figures.json"
        subprocess.run([program, "--peers", "none", "--look-ups", "25", "--json", str(out), "--work", folder, *options],
                       check=True, stdout=subprocess.DEVNULL)
        left = [path.name for path in pathlib.Path(folder).iterdir() if path != out]
        assert not left, f"left behind: {left}"
        return json.loads(out.read_text())


def main():
    for options in (["--rows", "2000"], ["--rows", "500", "--mode", "block"], ["--rows", "2000", "--resolution", "s"]):
        figures = run(sys.argv[1], *options)
        for key in FIGURES:
            assert figures[key] > 0, f"{key}: {figures[key]}"
        assert figures["rows"] == int(options[1]) and figures["seed"] == 1 and figures["machine"]
        assert figures["peers"] == {} and "ratios" in figures
        assert figures["bytes_per_session"] > figures["limit_bytes_per_session"], "below the entropy of the trace"
    return 0


if __name__ == "__main__":
    sys.exit(main())
