#!/usr/bin/env python3
"""pin -> extract -> unpin: what an order covers goes into its own sealed file, shown to nobody, and the windows may go."""
import hashlib
import json
import tempfile

from probatio import Deployment, message_line, message_sent


def ledger_types(deployment, order_id):
    entries = [json.loads(line) for line in deployment.run("--json", "ledger", "show").splitlines()]
    return [entry["type"] for entry in entries if entry.get("fields", {}).get("order") == order_id]


def until_assessed(deployment, order_id, message, day):
    order = deployment.order_file(order_id, [message_line("L1", message, day)],
                                  date="2024-10-20", service={"at": "2024-10-21T08:00:00Z", "mode": "signification"})
    deployment.run("order", "add", order, "--by", "counsel-1")
    deployment.run("order", "confirm", order_id, "--by", "counsel-2", "--reason", "compared")
    deployment.run("order", "authenticate", order_id, "--by", "counsel-1", "--reason", "called the registry")
    deployment.run("order", "enforceable", order_id, "--by", "counsel-1", "--reason", "CPC 514")
    deployment.run("order", "assess", order_id, "--by", "counsel-1")


def approve_to_preserve(deployment, order_id):
    for approver in ("approver-1", "approver-2"):
        deployment.run("order", "approve", order_id, "--by", approver, "--key", deployment.folder / f"people/{approver}.key",
                       "--passphrase-file", deployment.passphrase, "--preserve")


with tempfile.TemporaryDirectory() as folder:
    platform = Deployment(folder, demo_clock="2024-10-21T09:00:00Z")
    log = platform.folder / "platform.jsonl"
    log.write_text(json.dumps(message_sent(7, "m-7", "2024-10-19T10:00:00Z")) + "\n")
    platform.run("import", "--format", "jsonl", log)

    order_id = "preserve-m-7"
    held = platform.deployment / f"holds/{order_id}.held"
    until_assessed(platform, order_id, "m-7", "2024-10-19")

    # A grant to disclose preserves nothing, and the other way round.
    extract = ("hold", "extract", order_id, "--station", platform.station)
    platform.approve(order_id, "approver-1")
    platform.run(*extract, expect=5)
    platform.approve(order_id, "approver-2")
    said = platform.run(*extract, expect=5)
    assert "the grant is to disclose" in said, said
    platform.run("order", "assess", order_id, "--by", "counsel-1")
    approve_to_preserve(platform, order_id)
    said = platform.run("disclose", order_id, "--out", platform.folder / "x.asice", "--by", "counsel-1",
                        "--station", platform.station, expect=5)
    assert "only to preserve" in said, said
    assert not held.exists() and not any(hold["released"] for hold in json.loads(platform.run("--json", "hold", "list")))

    said = platform.run(*extract)
    assert "198.51.100" not in said and "acct-" not in said and "rows" not in said, said
    digest = hashlib.sha256(held.read_bytes()).hexdigest()
    assert digest in said, said
    listed = json.loads(platform.run("--json", "hold", "list"))
    assert listed and all(hold["released"] and hold["digest"] == digest for hold in listed), listed
    shown = json.loads(platform.run("--json", "hold", "show", order_id))
    assert shown["lines"] == ["L1"] and shown["digest"] == digest and shown["bytes"] == held.stat().st_size, shown
    types = ledger_types(platform, order_id)
    assert types.index("custody_request") < types.index("hold_extracted") < types.index("hold_released"), types
    platform.run(*extract)  # finds it done
    assert hashlib.sha256(held.read_bytes()).hexdigest() == digest

    # What is still to come can be neither in the file nor under a pin that is released.
    until_assessed(platform, "today", "m-8", "2024-10-21")
    approve_to_preserve(platform, "today")
    said = platform.run("hold", "extract", "today", "--station", platform.station, expect=5)
    assert "L1 runs until" in said, said
    assert not (platform.deployment / "holds/today.held").exists()
    assert not all(hold["released"] for hold in json.loads(platform.run("--json", "hold", "list")))
    platform.run("hold", "release", "today")

    # The windows go; the file stays.
    platform.run("clock", "set", "2025-11-01T09:00:00Z")
    platform.run("window", "purge")
    assert {window["state"] for window in json.loads(platform.run("--json", "window", "list"))} == {"purged"}
    platform.run("hold", "show", order_id)

    # An altered file and another order's are refused.
    whole = held.read_bytes()
    held.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "is not the file of ledger entry" in platform.run("hold", "show", order_id, expect=7)
    held.write_bytes(whole)

    # An order that is refused and closed keeps no file.
    platform.run("order", "refuse", order_id, "--by", "counsel-1", "--reason", "quashed on appeal")
    platform.run("order", "close", order_id, "--by", "counsel-1")
    assert not held.exists() and ledger_types(platform, order_id)[-1] == "hold_destroyed"
    platform.run("hold", "show", order_id, expect=4)
    platform.run("ledger", "verify")
