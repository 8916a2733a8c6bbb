#!/usr/bin/env python3
"""What an import says while it reads: one line on a terminal, lines in a log, JSON lines with --json."""
import fcntl
import json
import os
import pathlib
import pty
import struct
import subprocess
import tempfile
import termios

from probatio import BIN, ROOT, Deployment, message_sent

RECORDS = 10_000
COLUMNS = 60


def write_log(path, minute):
    with open(path, "w") as file:
        for number in range(RECORDS):
            at = f"2024-10-20T10:{minute:02}:{number % 60:02}.000Z"
            file.write(json.dumps(message_sent(number, f"m-{minute}-{number}", at)) + "\n")


def command(deployment, paths, *options):
    return [BIN / "probatio", "--config", deployment.deployment, *options, "import", "--format", "jsonl", *paths]


def on_a_terminal(deployment, paths):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    process = subprocess.Popen(command(deployment, paths), stdout=subprocess.DEVNULL, stderr=theirs, cwd=ROOT)
    os.close(theirs)
    said = b""
    try:
        while more := os.read(ours, 4096):
            said += more
    except OSError:  # EIO: the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0, said
    written = [text for text in said.decode().split("\r\x1b[K")[1:]]
    assert len(written) >= 2 * len(paths), said
    shown = [text.split("\r\n")[0] for text in written]
    assert all(len(line) < COLUMNS for line in shown), shown
    assert any("(2 of 2): 100 %" in line and f"{RECORDS} records safe" in line for line in shown), shown
    assert all(line.startswith("...") for line in shown), shown


def in_a_log(deployment, paths):
    done = subprocess.run(command(deployment, paths), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 0 and "\x1b" not in done.stderr, done.stderr
    for number, path in enumerate(paths, 1):
        lines = [line for line in done.stderr.splitlines() if line.startswith(f"{path} ({number} of 2): ")]
        assert len(lines) >= 2 and "0 % of the file" in lines[0], done.stderr
        assert f"{RECORDS} records safe on disk, 100 % of the file" in lines[-1], done.stderr


def as_json(deployment, paths):
    done = subprocess.run(command(deployment, paths, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd=ROOT)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    for path in paths:
        size = path.stat().st_size
        of_file = [line for line in lines if line["file"] == str(path)]
        assert all(line["of_bytes"] == size for line in of_file), lines
        last = of_file[-1]
        assert (last["bytes"], last["records"], last["seconds_left"]) == (size, RECORDS, 0), last
        assert last["records_per_s"] > 0, last
    assert json.loads(done.stdout)["accepted"] == RECORDS * len(paths), done.stdout


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        long_name = folder / ("a-folder-with-a-long-name-" * 3)
        long_name.mkdir()
        paths = [long_name / "one.jsonl", long_name / "two.jsonl"]
        for minute, path in enumerate(paths):
            write_log(path, minute)
        deployment = Deployment(folder, demo_clock="2024-10-22T06:00:00Z")
        on_a_terminal(deployment, paths)
        in_a_log(deployment, paths)
        as_json(deployment, paths)
    print("one line on a terminal, lines in a log, JSON lines when asked")


if __name__ == "__main__":
    main()
