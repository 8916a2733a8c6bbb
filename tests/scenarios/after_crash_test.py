#!/usr/bin/env python3
"""A killed import is rebuilt on the custodians' station, segments are merged and verified, and orders are answered from them."""
import json
import pathlib
import random
import tempfile
import zipfile

from kill_import_test import kill_import, write_import
from probatio import Deployment, message_line, message_sent, run

DAY = "2024-10-20"


def states(deployment):
    return [segment["state"] for segment in json.loads(deployment.run("--json", "window", "list"))]


def entries(deployment, kind):
    lines = deployment.run("--json", "ledger", "show").splitlines()
    return [entry for entry in map(json.loads, lines) if entry["type"] == kind]


def reseal(deployment, request, answer, station=None, expect=0):
    return run("custody", "reseal", "--request", request, "--station", station or deployment.station, "--out", answer, expect=expect)


def damaged(path, folder):
    """The file with one bit flipped in its middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    other = folder / "damaged"
    other.write_bytes(content)
    return other


def disclosed(deployment, folder, name, message, grade):
    """An order for one message; its row has that grade."""
    deployment.live(name, deployment.order_file(name, [message_line("L1", message, DAY)]))
    answer_order(deployment, folder, name, message, grade)


def answer_order(deployment, folder, name, message, grade):
    sealed = folder / f"{name}.sealed"
    deployment.run("disclose", name, "--out", sealed, "--by", "counsel-1", "--station", deployment.station)
    package = deployment.open_and_verify(sealed, folder / f"{name}.asice")
    with zipfile.ZipFile(package) as archive:
        disclosure = json.loads(archive.read("disclosure.json"))
    assert disclosure["answers"][0]["certainty"] == "unique", disclosure["answers"]
    assert {row["grade"] for row in disclosure["rows"]} == {grade}, disclosure["rows"]
    assert any(row["record"]["message"] == message for row in disclosure["rows"])


def main():
    dice = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        deployment = Deployment(folder, demo_clock="2024-10-22T06:00:00Z")
        log = folder / "log.jsonl"
        write_import(log, 0)
        kill_import(deployment, log, dice)
        assert "closed by crash" in deployment.run("window", "close")
        assert "no segment was left open" in deployment.run("window", "close")
        assert states(deployment) == ["closed_by_crash"]

        # An order comes before anybody rebuilds.
        deployment.run("clock", "set", "2024-11-12T16:20:00Z")
        deployment.live("early", deployment.order_file("early", [message_line("L1", "m-0-1", DAY)]))
        request, answer = folder / "rebuild.request", folder / "rebuild.answer"
        deployment.run("window", "rebuild", "--out", request)
        assert len(entries(deployment, "custody_reseal")) == 1, "in the ledger before a share is opened"
        assert b"acct-" not in request.read_bytes()
        reseal(deployment, damaged(request, folder), answer, expect=3)
        # One custodian alone, and custodians of another provider, open nothing.
        alone = folder / "alone"
        alone.mkdir()
        for file in ("anchors.json", "custodian-1.key", "custodian-1.crt", "custodian-1.passphrase"):
            (alone / file).write_bytes((deployment.station / file).read_bytes())
        reseal(deployment, request, answer, station=alone, expect=5)
        reseal(deployment, request, answer)
        assert b"acct-" not in answer.read_bytes()
        deployment.run("window", "take", damaged(answer, folder), expect=3)
        assert states(deployment) == ["closed_by_crash"]
        deployment.run("window", "take", answer)
        assert sorted(states(deployment)) == ["closed", "replaced"]
        assert "taken in before" in deployment.run("window", "take", answer)
        assert not list((deployment.deployment / "journal").glob("*.journal"))
        deployment.run("window", "verify")
        deployment.run("window", "rebuild", "--out", request, expect=4)

        answer_order(deployment, folder, "early", "m-0-1", "journal_before_order")
        disclosed(deployment, folder, "later", "m-0-2", "committed_before_order")

        # More segments of the same day, then one.
        for number in range(2):
            log.write_text(json.dumps(message_sent(number, f"late-{number}", f"{DAY}T12:00:00Z")) + "\n")
            deployment.run("import", "--format", "jsonl", log)
        assert states(deployment).count("closed") == 3
        deployment.run("window", "merge", "--out", request, expect=4)  # three are not too many
        deployment.run("window", "merge", "--over", "1", "--out", request)
        reseal(deployment, request, answer)
        deployment.run("window", "take", answer)
        assert states(deployment).count("closed") == 1
        deployment.run("window", "verify")
        closed = [segment for segment in json.loads(deployment.run("--json", "window", "list")) if segment["state"] == "closed"]
        assert closed[0]["sealed_anew_from"] == 3

        deployment.run("window", "verify", "--out", request, "--segment", closed[0]["segment"])
        reseal(deployment, request, answer)
        deployment.run("window", "take", answer)
        assert len(entries(deployment, "segments_verified")) == 1
        disclosed(deployment, folder, "last", "late-1", "committed_before_order")
        deployment.run("ledger", "verify")


if __name__ == "__main__":
    main()
