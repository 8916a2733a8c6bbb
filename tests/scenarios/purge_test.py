#!/usr/bin/env python3
"""A window past its retention goes with its erasure key, from every replica; what an order holds stays; a copy is noise."""
import json
import shutil
import tempfile

from probatio import Deployment, message_line, message_sent

DAYS = ("2024-10-19", "2024-10-20")


def windows(deployment):
    return {window["begin"][:10]: window for window in json.loads(deployment.run("--json", "window", "list"))}


def keys(folder):
    return sorted(path.name for path in folder.glob("*.key"))


with tempfile.TemporaryDirectory() as folder:
    platform = Deployment(folder, demo_clock="2024-10-21T09:00:00Z")
    vault, replica = platform.deployment / "vault", platform.folder / "replica"
    config = platform.deployment / "probatio.toml"
    replica.mkdir()
    config.write_text(config.read_text().replace("replicas = []", f'replicas = ["{replica}"]'))

    # Nothing is sealed under a key that one replica lacks.
    log = platform.folder / "platform.jsonl"
    log.write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"{day}T10:00:00Z")) + "\n" for n, day in enumerate(DAYS)))
    said = platform.run("import", "--format", "jsonl", log, expect=6)
    assert str(replica) in said and "mount it" in said, said
    shutil.copy(vault / "probatio-vault", replica)
    platform.run("import", "--format", "jsonl", log)
    assert keys(vault) == keys(replica) and len(keys(vault)) == 2, keys(vault)
    assert windows(platform)["2024-10-20"]["expires"] == "2025-10-22", windows(platform)

    order = platform.order_file("holds-the-19th", [message_line("L1", "m-0", "2024-10-19")])
    platform.run("order", "add", order, "--by", "counsel-1")
    platform.run("order", "confirm", "holds-the-19th", "--by", "counsel-2", "--reason", "compared")
    platform.run("order", "authenticate", "holds-the-19th", "--by", "counsel-1", "--reason", "the registry was called back")
    # Nobody finds this one genuine: what it holds is free after 30 days.
    unknown = platform.order_file("holds-the-20th", [message_line("L1", "m-1", "2024-10-20")])
    platform.run("order", "add", unknown, "--by", "counsel-1")
    platform.run("clock", "set", "2025-11-01T09:00:00Z")
    dry = json.loads(platform.run("--json", "window", "purge", "--dry-run"))
    assert len(dry["would_purge"]) == 1 and dry["held"] == 1, dry
    assert windows(platform)["2024-10-20"]["state"] == "closed"

    # A replica that is not there leaves the purge incomplete; the next one ends it.
    replica.rename(platform.folder / "unmounted")
    said = platform.run("window", "purge", expect=6)
    assert "of order holds-the-20th has lapsed" in said, said
    assert "incomplete" in said and str(replica) in said, said
    assert windows(platform)["2024-10-20"]["state"] == "purging"
    (platform.folder / "unmounted").rename(replica)
    platform.run("window", "purge")
    listed = windows(platform)
    assert listed["2024-10-20"]["state"] == "purged" and not listed["2024-10-20"]["held"], listed
    assert listed["2024-10-19"]["state"] == "closed" and listed["2024-10-19"]["held"], listed
    assert not any("2025-10-22" in name for name in keys(vault) + keys(replica)), keys(vault)
    platform.run("window", "verify")
    platform.run("ledger", "verify")

    # Released, the rest goes too.
    for held in json.loads(platform.run("--json", "hold", "list")):
        if not held["released"]:
            platform.run("hold", "release", held["id"])
    platform.run("window", "purge")
    assert {window["state"] for window in windows(platform).values()} == {"purged"}, windows(platform)
    assert keys(vault) == keys(replica) == [], keys(vault)
