#!/usr/bin/env python3
"""Memory does not grow with the input, what an interrupted import had said was safe is sealed, and pipes are read too."""
import json
import os
import pathlib
import resource
import signal
import subprocess
import tempfile
import threading

from probatio import BIN, ROOT, Deployment, message_sent, run

DAY = "2024-10-20"
MIB = 1 << 20
DECODED = 300_000  # about 50 MiB; as records in memory about 400 MiB
IMPORTED = 120_000
MEMORY_MAX = 200 * MIB


def write_lines(file, count):
    for number in range(count):
        at = f"{DAY}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.{number % 1000:03}Z"
        file.write(json.dumps(message_sent(number % 60_000, f"m-{number}", at)) + "\n")


def decode_in_little_memory(path):
    """With an address space in which the file's records do not fit."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MAX, MEMORY_MAX))
    with open(os.devnull, "w") as nowhere:
        done = subprocess.run([BIN / "probatio", "decode", "--format", "jsonl", path], stdout=nowhere, stderr=subprocess.PIPE,
                              text=True, preexec_fn=limit, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stderr
    assert f"records: {DECODED}" in done.stderr, done.stderr


def read_from_a_pipe(folder):
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(json.dumps(message_sent(1, "m-1", f"{DAY}T08:00:00Z"))))
    writer.start()
    assert '"message":"m-1"' in run("decode", "--format", "jsonl", pipe)
    writer.join()


def interrupt(deployment, path):
    """Ctrl-C after the first report of what is safe: it ends in order, and what it said is what is sealed."""
    process = subprocess.Popen([BIN / "probatio", "--config", deployment.deployment, "--json", "import", "--format", "jsonl",
                                path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("{"):
            progress = json.loads(line)
            assert progress["file"] == str(path) and progress["records"] > 0, line
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=120)
    said = "".join(said) + err
    assert process.returncode == 3, said
    stopped = next(line for line in said.splitlines() if "stopped" in line)
    safe = int(stopped.split("the first ")[1].split(" ")[0])
    assert 0 < safe < IMPORTED, stopped
    assert json.loads(out)["accepted"] == safe, out
    segments = json.loads(deployment.run("--json", "window", "list"))
    assert {segment["state"] for segment in segments} == {"closed"}, segments
    assert sum(segment["rows"] for segment in segments) == safe


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = folder / "big.jsonl"
        with open(path, "w") as file:
            write_lines(file, DECODED)
        decode_in_little_memory(path)
        read_from_a_pipe(folder)
        with open(path, "w") as file:
            write_lines(file, IMPORTED)
        interrupt(Deployment(folder, demo_clock="2024-10-22T06:00:00Z"), path)
    print("read in parts, interrupted in order")


if __name__ == "__main__":
    main()
