#!/usr/bin/env python3
"""What was acknowledged survives: an import is killed at five random moments, and a look-up under a grant finds what the dead
segments hold."""
import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import zipfile

from probatio import BIN, ROOT, Deployment, message_line, message_sent, run

KILLS = 5
RECORDS = 40_000  # of one import: ten batches
REPORT_STEP_S = 2.1  # the import reports what is safe every two seconds at most
DAY = "2024-10-20"


def write_import(path, kill):
    """Records of an instant of their own for each import, so that an answer tells which one it came from."""
    with open(path, "w") as file:
        for number in range(RECORDS):
            at = f"{DAY}T{kill:02}:{number // 3600 % 60:02}:{number % 60:02}.{number % 1000:03}Z"
            file.write(json.dumps(message_sent(number, f"m-{kill}-{number}", at)) + "\n")


def kill_import(deployment, path, dice):
    """Kills the import somewhere after its first acknowledged batch; how many records it had said were safe."""
    wanted = dice.randrange(1, 5)
    process = subprocess.Popen([BIN / "probatio", "--config", deployment.deployment, "import", "--format", "jsonl", path],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT)
    safe = reports = 0
    for line in process.stderr:
        if "records safe on disk" not in line:
            continue
        safe = int(line.split(": ")[1].split(" ")[0])
        reports += 1
        if reports == wanted:
            break
        # Stopped until its next report is due: so it reports again after its next batch.
        process.send_signal(signal.SIGSTOP)
        time.sleep(REPORT_STEP_S)
        process.send_signal(signal.SIGCONT)
    time.sleep(dice.random() * 0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert safe > 0, "the import said nothing before it ended"
    return safe


def main():
    seed = int(os.environ.get("PROBATIO_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(folder, demo_clock="2024-10-22T06:00:00Z")
        asked = []
        for kill in range(KILLS):
            path = pathlib.Path(folder) / f"import-{kill}.jsonl"
            write_import(path, kill)
            safe = kill_import(deployment, path, dice)
            # The first, the last acknowledged, and one in between.
            asked += [(kill, number) for number in (0, dice.randrange(safe), safe - 1)]
            print(f"killed after {safe} acknowledged records")
        path = pathlib.Path(folder) / "whole.jsonl"
        write_import(path, 9)
        deployment.run("import", "--format", "jsonl", path)  # goes on where the others died
        asked.append((9, 12345))
        states = [segment["state"] for segment in json.loads(deployment.run("--json", "window", "list"))]
        assert states.count("closed_by_crash") == KILLS, states

        deployment.run("clock", "set", "2024-11-12T16:20:00Z")
        lines = [message_line(f"L{i + 1}", f"m-{kill}-{number}", DAY) for i, (kill, number) in enumerate(asked)]
        deployment.live("killed", deployment.order_file("killed", lines))
        sealed = pathlib.Path(folder) / "killed.asice.sealed"
        deployment.run("disclose", "killed", "--out", sealed, "--by", "counsel-1", "--station", deployment.station)
        package = deployment.open_and_verify(sealed, pathlib.Path(folder) / "killed.asice")
        with zipfile.ZipFile(package) as archive:
            disclosure = json.loads(archive.read("disclosure.json"))
        rows = {row["id"]: row for row in disclosure["rows"]}
        for (kill, number), answer in zip(asked, disclosure["answers"], strict=True):
            place = f"import {kill}, record {number}"
            assert answer["certainty"] == "unique", f"{place}: {answer}"
            shown = [rows[support["row"]]["record"] for support in answer["candidates"][0]["supports"]]
            wanted = message_sent(number, f"m-{kill}-{number}", "")
            assert any(record.get("source_port") == wanted["source_port"] and record["source_ip"] == wanted["source_ip"]
                       and record["message"] == wanted["message"] for record in shown), f"{place}: {shown}"
        print(run("verify", package, "--trust", deployment.deployment / "trust.pem"))
    print(f"{len(asked)} of {len(asked)} acknowledged records found")


if __name__ == "__main__":
    main()
