#!/usr/bin/env python3
"""A clock was wrong: the deliveries that rest on it are found, recalled, and answered again by a package that names the one it
supersedes. An urgent requisition is authenticated by one person who calls back, and a refusal of it names a ground."""
import json
import subprocess
import tempfile

from probatio import Deployment, message_line, message_sent

DAY = "2024-10-20"


def disclose(deployment, order_id, name):
    sealed = deployment.folder / f"{name}.asice.sealed"
    deployment.run("disclose", order_id, "--out", sealed, "--by", "counsel-1", "--station", deployment.station)
    package = deployment.open_and_verify(sealed, deployment.folder / f"{name}.asice")
    return json.loads(subprocess.run(["unzip", "-p", package, "disclosure.json"], capture_output=True, check=True).stdout)


def show(deployment, order_id):
    return json.loads(deployment.run("--json", "order", "show", order_id))


def recall(deployment, *how):
    return json.loads(deployment.run("--json", "recall", "--by", "counsel-1", "--because", "its clock was 40 s slow", *how))


def recalled(deployment):
    log = deployment.folder / "platform.jsonl"
    log.write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"{DAY}T10:00:{n:02}Z")) + "\n" for n in range(20)))
    deployment.run("import", "--format", "jsonl", log)
    deployment.live("clock-1", deployment.order_file("clock-1", [message_line("L1", "m-7", DAY)]))
    # Nothing is read for an order for which nothing is held any more.
    deployment.run("hold", "release", "clock-1")
    unheld = ["disclose", "clock-1", "--out", deployment.folder / "unheld", "--by", "counsel-1", "--station", deployment.station]
    assert "nothing is held for it" in deployment.run(*unheld, expect=5)
    deployment.run("hold", "add", "clock-1")
    assert "is held already" in deployment.run("hold", "add", "clock-1", expect=5)
    assert "supersedes" not in disclose(deployment, "clock-1", "first")
    during = ["--from", f"{DAY}T00:00:00Z", "--to", f"{DAY}T12:00:00Z"]
    assert recall(deployment, "--from", "2024-10-18T00:00:00Z", "--to", "2024-10-19T00:00:00Z") == []
    assert recall(deployment, "--stream", "nat_session", *during) == []
    assert [one["outcome"] for one in recall(deployment, "--dry-run", *during)] == ["touched"]
    assert show(deployment, "clock-1")["state"] == "executed"

    one, = recall(deployment, *during)
    assert (one["order"], one["outcome"], one["recipients"]) == ("clock-1", "recalled", ["Applicant"]), one
    assert "approvals hold until" in one["next"], one
    assert [again["outcome"] for again in recall(deployment, *during)] == ["recalled before"]
    shown = show(deployment, "clock-1")
    assert (shown["state"], shown["afterwards"]["recalled"]) == ("approved", True), shown["state"]
    assert disclose(deployment, "clock-1", "second")["supersedes"] == one["package"]
    entries = map(json.loads, deployment.run("--json", "ledger", "show").splitlines())
    executed = [entry["fields"] for entry in entries if entry["type"] == "disclosure_executed"]
    assert executed[1]["supersedes"] == executed[0]["digest"] == one["package"], executed

    deployment.run("order", "partial", "clock-1", "--line", "L1", "--by", "counsel-1", "--because", "a node is down")
    deployment.run("order", "cost", "clock-1", "--amount", "18.5", "--by", "counsel-1", "--because", "CPP R213-1")
    after = show(deployment, "clock-1")["afterwards"]
    assert (after["partial"], after["cost_cents"]) == (True, {"EUR": 1850}), after
    deployment.run("ledger", "verify")


def urgent(deployment):
    by = ["--by", "counsel-1"]
    order = deployment.order_file("urgent-1", [message_line("L1", "m-8", DAY)], instrument="fr.cpp.60-1",
                                  court="Parquet de Paris", facts={"emergency": "yes"})
    deployment.run("order", "authority", "add", "parquet", "--name", "Parquet de Paris", "--phone", "+33 1 99 00 12 34",
                   "--source", "directory of the ministry", *by)
    deployment.run("order", "authority", "confirm", "parquet", "--by", "counsel-2")
    deployment.run("order", "add", order, *by)
    call = ["order", "authenticate", "urgent-1", "--authority", "parquet", "--reason", "the magistrate on duty", *by]
    deployment.run(*call, expect=5)
    assert "a second person confirms before" in deployment.run(*call, "--urgent")
    assert show(deployment, "urgent-1")["afterwards"]["confirm_until"]
    deployment.run("order", "confirm", "urgent-1", *by, expect=5)
    deployment.run("order", "confirm", "urgent-1", "--by", "counsel-2")
    assert show(deployment, "urgent-1")["afterwards"]["confirm_until"] is None
    refused = deployment.run("order", "refuse", "urgent-1", "--because", "no", *by, expect=3)
    assert "below_threshold" in refused, refused
    deployment.run("order", "refuse", "urgent-1", "--ground", "below_threshold", "--because", "a fine only", *by)
    assert show(deployment, "urgent-1")["events"][-1]["item"] == "below_threshold"


with tempfile.TemporaryDirectory() as folder:
    platform = Deployment(folder, demo_clock="2024-11-13T09:00:00Z")
    recalled(platform)
    urgent(platform)
