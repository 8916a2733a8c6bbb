#!/usr/bin/env python3
"""What an import could not read lies sealed: nobody browses it, it is read again once it can be, and it ends with its key."""
import json
import os
import pathlib
import tempfile

from probatio import Deployment, message_sent

SECRET = "M-4711-geheim"
KEA = ("2024-10-21 08:14:0{}.250 INFO  [kea-dhcp4.leases/617.14] DHCP4_LEASE_ALLOC [hwtype=1 02:00:5e:10:00:01], "
       "cid=[01:02:00:5e:10:00:01], tid=0x1: lease 192.0.2.1{} has been allocated for 3600 seconds\n")


def entries(deployment, kind):
    shown = [json.loads(line) for line in deployment.run("--json", "ledger", "show").splitlines()]
    return [entry["fields"] for entry in shown if entry["type"] == kind]


def items(deployment):
    return json.loads(deployment.run("--json", "quarantine", "list"))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        deployment = Deployment(folder, demo_clock="2024-10-22T06:00:00Z")
        lines = folder / "lines.jsonl"
        lines.write_text(json.dumps(message_sent(1, "m-1", "2024-10-21T08:00:00Z")) + "\n"
                         + '{"class":"activity","account":"' + SECRET + '"\n'
                         + json.dumps(message_sent(2, "m-2", "2024-10-21T08:00:01Z")) + "\n")
        said = deployment.run("import", "--format", "jsonl", lines, expect=3)
        assert "2 records sealed" in said and "1 pieces that could not be read are put aside" in said, said
        assert entries(deployment, "input_put_aside")[0]["items"] == "1"

        # A time without a zone is refused until somebody says which zone it is.
        leases = folder / "kea.log"
        leases.write_text(KEA.format(3, 0) + KEA.format(4, 1))
        deployment.run("import", "--format", "dhcp-log", leases, expect=3)
        listed = items(deployment)
        listed.sort(key=lambda item: item["format"], reverse=True)  # two imports of one instant: in any order
        assert [item["format"] for item in listed] == ["jsonl", "dhcp-log", "dhcp-log"], listed
        assert listed[0]["source"] == str(lines) and "line 2" in listed[0]["reason"], listed[0]
        assert SECRET not in json.dumps(listed)
        shown = deployment.run("quarantine", "show", listed[0]["id"])
        assert SECRET not in shown and '{"aaaaa":"aaaaaaaa","aaaaaaa":"A-9999-aaaaaa"' in shown, shown
        for path in (deployment.deployment / "quarantine").iterdir():
            assert SECRET.encode() not in path.read_bytes() and b"192.0.2.1" not in path.read_bytes()
            assert os.stat(path).st_mode & 0o077 == 0

        said = deployment.run("quarantine", "retry", "--zone", "Europe/Paris", "all", expect=3)
        assert "2 items are read now and their 2 records sealed; 1 stay" in said, said
        assert [item["id"] for item in items(deployment)] == [listed[0]["id"]]
        assert entries(deployment, "quarantine_retried") == [{"read": "2", "records": "2", "left": "1"}]
        deployment.run("quarantine", "show", listed[1]["id"], expect=4)

        deployment.run("quarantine", "drop", listed[0]["id"])
        assert items(deployment) == []
        deployment.run("import", "--format", "dhcp-log", leases, expect=3)
        deployment.run("clock", "set", "2024-11-05T12:00:00Z")
        assert items(deployment) == []  # its day has come
        assert any((deployment.deployment / "quarantine").iterdir())
        deployment.run("window", "purge")
        assert not any((deployment.deployment / "quarantine").iterdir())
        gone = [entry["erasure_key"] for entry in entries(deployment, "erasure_key_destroyed")]
        assert any(key.startswith("quarantine-") for key in gone), gone
        deployment.run("ledger", "verify")

        # A folder that takes nothing: the import goes on and says so.
        for child in (deployment.deployment / "quarantine").parent.glob("quarantine"):
            child.rmdir()
        (deployment.deployment / "quarantine").write_text("in the way")
        said = deployment.run("import", "--format", "dhcp-log", leases, expect=3)
        assert "2 were only counted" in said, said
    print("put aside, shown by shape, retried, purged")


if __name__ == "__main__":
    main()
