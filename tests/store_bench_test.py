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
    check_conditions(sys.argv[1])
    check_secondary(sys.argv[2])
    return 0


def check_conditions(program):
    """A run that spills leaves what one without leaves; a window in several segments costs more."""
    usual = run(program, "--rows", "100000")
    spilled = run(program, "--rows", "100000", "--rows-in-memory", "20000")
    fragments = run(program, "--rows", "100000", "--rows-per-run", "30000")
    assert usual["extras"]["rows_spilled"] == 0 and spilled["extras"]["rows_spilled"] > 0
    assert spilled["extras"]["segments"] == usual["extras"]["segments"] < fragments["extras"]["segments"]
    assert spilled["bytes_per_session"] < 1.02 * usual["bytes_per_session"] < fragments["bytes_per_session"]


def check_secondary(program):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "figures.json"
        subprocess.run([program, "--rows", "500", "--json", str(out), "--work", folder], check=True,
                       stdout=subprocess.DEVNULL)
        figures = json.loads(out.read_text())
        assert figures["with_messages"]["bytes_per_row"] > 512 > figures["without"]["bytes_per_row"] > 0
        assert figures["with_messages"]["by_message_p50_us"] > 0


if __name__ == "__main__":
    sys.exit(main())
