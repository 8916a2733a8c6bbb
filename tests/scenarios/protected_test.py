#!/usr/bin/env python3
"""An account of a lawyer is on the deployment's list: where the rules would release, a person decides; nobody reads the list back."""
import json
import tempfile

from probatio import Deployment, message_line

DAY = "2024-10-20"


def verdicts(deployment, order_id):
    assessed = json.loads(deployment.run("--json", "order", "show", order_id))["assessment"]
    return {item["verdict"] for item in assessed["items"]}


def account_line(account):
    line = message_line("L1", "m-1", DAY)
    return {**line, "subject": {"account": account}}


with tempfile.TemporaryDirectory() as folder:
    platform = Deployment(folder, demo_clock="2024-11-13T09:00:00Z")
    platform.run("order", "add", platform.order_file("order-1", [account_line("acct-0007")]), "--by", "counsel-1")
    assert verdicts(platform, "order-1") == {"release"}, verdicts(platform, "order-1")

    selector = platform.folder / "selector"
    selector.write_text("acct-0007\n")
    add = ["protected", "add", "account", "--from-file", selector, "--profession", "lawyer", "--by"]
    platform.run(*add, "approver-1", expect=5)
    platform.run(*add, "counsel-1")
    platform.run(*add, "counsel-1", expect=5)
    assert verdicts(platform, "order-1") == {"human"}, verdicts(platform, "order-1")

    listed, = json.loads(platform.run("--json", "protected", "list"))
    assert (listed["profession"], listed["added_by"]) == ("lawyer", "counsel-1"), listed
    assert "acct-0007" not in platform.run("--json", "protected", "list") + platform.run("ledger", "show")
    platform.run("protected", "remove", listed["id"], "--by", "counsel-1", expect=5)
    platform.run("protected", "remove", listed["id"], "--by", "counsel-2")
    assert verdicts(platform, "order-1") == {"release"}
    platform.run("ledger", "verify")
