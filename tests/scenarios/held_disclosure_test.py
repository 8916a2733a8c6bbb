#!/usr/bin/env python3
"""Windows past their retention are gone, or kept by a hold alone: the order that holds is answered, every other is not."""
import json
import shutil
import subprocess
import tempfile

from probatio import BIN, Deployment, message_line, message_sent

DAY = "2024-10-19"


def entries(deployment, order_id):
    shown = map(json.loads, deployment.run("--json", "ledger", "show").splitlines())
    return [entry["type"] for entry in shown if entry.get("fields", {}).get("order") == order_id]


def receive(deployment, order_id):
    order = deployment.order_file(order_id, [message_line("L1", "m-7", DAY)], date="2024-10-20",
                                  service={"at": "2024-10-21T08:00:00Z", "mode": "signification"})
    deployment.run("order", "add", order, "--by", "counsel-1")
    deployment.run("order", "confirm", order_id, "--by", "counsel-2", "--reason", "compared")
    deployment.run("order", "authenticate", order_id, "--by", "counsel-1", "--reason", "called the registry")
    deployment.run("order", "enforceable", order_id, "--by", "counsel-1", "--reason", "CPC 514")


def approve(deployment, order_id, *how):
    deployment.run("order", "assess", order_id, "--by", "counsel-1")
    for approver in ("approver-1", "approver-2"):
        deployment.run("order", "approve", order_id, "--by", approver, "--key", deployment.folder / f"people/{approver}.key",
                       "--passphrase-file", deployment.passphrase, *how)


def holding(deployment, order_id):
    items = json.loads(deployment.run("--json", "order", "show", order_id))["assessment"]["items"]
    return {(item["holding"], "held_since" in item) for item in items}


def disclose(deployment, order_id, expect=0):
    sealed = deployment.folder / f"{order_id}.asice.sealed"
    said = deployment.run("disclose", order_id, "--out", sealed, "--by", "counsel-1", "--station", deployment.station, expect=expect)
    assert sealed.exists() == (expect == 0)
    return sealed, said


def disclosed(deployment, sealed):
    """The package is verified by both programs; its rows."""
    package = deployment.open_and_verify(sealed, sealed.with_suffix(""))
    done = subprocess.run([BIN / "probatio-verify", package, "--trust", deployment.deployment / "trust.pem"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    document = subprocess.run(["unzip", "-p", package, "disclosure.json"], capture_output=True, check=True).stdout
    return json.loads(document)


with tempfile.TemporaryDirectory() as folder:
    platform = Deployment(folder, demo_clock="2024-10-21T09:00:00Z")
    log = platform.folder / "platform.jsonl"
    log.write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"{DAY}T10:00:{n:02}Z")) + "\n" for n in range(20)))
    platform.run("import", "--format", "jsonl", log)
    receive(platform, "extracted")
    receive(platform, "pinned")
    approve(platform, "extracted", "--preserve")
    platform.run("hold", "extract", "extracted", "--station", platform.station)

    # A year and more later the rules keep nothing of that day. Another order's pin keeps the window.
    platform.run("clock", "set", "2025-11-01T09:00:00Z")
    platform.run("window", "purge")
    assert {window["state"] for window in json.loads(platform.run("--json", "window", "list"))} == {"closed"}
    receive(platform, "stranger")
    assert holding(platform, "stranger") == {("outside", False)}, holding(platform, "stranger")
    assert holding(platform, "pinned") == holding(platform, "extracted") == {("retained", True)}
    platform.run("order", "assess", "stranger", "--by", "counsel-1")
    said = platform.run("order", "scope", "stranger", expect=1)
    assert "nothing may be released" in said, said

    # The order whose pin keeps the window is answered from the window.
    approve(platform, "pinned")
    sealed, said = disclose(platform, "pinned")
    assert "L1: unique" in said, said
    from_window = disclosed(platform, sealed)

    # No pin is left: the window goes, and with it whatever was nobody's.
    for held in json.loads(platform.run("--json", "hold", "list")):
        if not held["released"]:
            platform.run("hold", "release", held["id"])
    platform.run("window", "purge")
    assert {window["state"] for window in json.loads(platform.run("--json", "window", "list"))} == {"purged"}

    # A damaged file, a truncated one, another order's, an older one of this order: refused, nothing is asked or sent.
    approve(platform, "extracted")
    file = platform.deployment / "holds/extracted.held"
    whole = file.read_bytes()
    asked = entries(platform, "extracted").count("custody_request")
    for damaged in (whole[:-1], whole[:5000], whole[:70000] + bytes([whole[70000] ^ 1]) + whole[70001:], b"",
                    whole.replace(b"extracted", b"different", 1)):
        file.write_bytes(damaged)
        _, said = disclose(platform, "extracted", expect=7)
        assert "is not the file of ledger entry" in said and str(file) in said, said
    file.unlink()
    _, said = disclose(platform, "extracted", expect=4)
    assert "no such file, but ledger entry" in said, said
    assert entries(platform, "extracted").count("custody_request") == asked
    file.write_bytes(whole)

    # The order that holds is answered from its file: the same rows, the same grade, the same roots.
    sealed, said = disclose(platform, "extracted")
    assert "L1: unique" in said, said
    from_file = disclosed(platform, sealed)
    for part in ("answers", "rows"):
        assert from_file[part] == from_window[part], (from_file[part], from_window[part])
    assert "198.51.100.8" in json.dumps(from_file), from_file
    assert "custody_request" in entries(platform, "extracted")[-3:], entries(platform, "extracted")

    # Released, its file is destroyed; a copy that somebody kept is an answer to nothing.
    shutil.copy(file, platform.folder / "copy")
    platform.run("hold", "release", "extracted")
    shutil.copy(platform.folder / "copy", file)
    platform.run("hold", "show", "extracted", expect=4)
    platform.run("ledger", "verify")
