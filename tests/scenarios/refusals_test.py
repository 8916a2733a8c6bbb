#!/usr/bin/env python3
"""Bad input gets a clear error that names file, place and reason, with the exit code of the contract, and changes nothing."""
import json
import pathlib
import tempfile

from probatio import ROOT, Deployment, message_line, run

LINE = message_line("L1", "m-7", "2024-10-20")


def expect(words, said):
    assert words in said, f"expected {words!r} in: {said}"


def orders(deployment):
    ends_first = dict(LINE, period={"from": "2024-10-21T00:00:00Z", "to": "2024-10-20T00:00:00Z"})
    unknown_item = dict(LINE, items=["telephone"])
    for name, lines, changes, words in (
            ("no-number", [LINE], {"register_number": ""}, "register_number"),
            ("ends-first", [ends_first], {}, "lines[0].period"),
            ("unknown-item", [unknown_item], {}, "telephone"),
            ("unknown-key", [LINE], {"colour": "red"}, "colour"),
            ("no-lines", [], {}, "lines")):
        path = deployment.order_file(name, lines, **changes)
        said = deployment.run("order", "add", path, "--by", "counsel-1", expect=3)
        expect(str(path), said)
        expect(words, said)
    truncated = deployment.folder / "truncated.json"
    truncated.write_text(deployment.order_file("whole", [LINE]).read_text()[:-40])
    expect(str(truncated), deployment.run("order", "add", truncated, "--by", "counsel-1", expect=3))
    assert json.loads(deployment.run("--json", "order", "list")) == [], "a refused order left something behind"


def people(deployment):
    path = deployment.order_file("people", [LINE])
    expect("nobody", deployment.run("order", "add", path, "--by", "nobody", expect=4))
    deployment.run("order", "add", path, "--by", "counsel-1")
    deployment.run("order", "add", path, "--by", "counsel-1", expect=5)  # twice
    replay = deployment.order_file("replay", [LINE], register_number="24/57625 people")
    expect("received as people", deployment.run("order", "add", replay, "--by", "counsel-1", expect=5))
    deployment.run("people", "add", "root-1", "--name", "Root", "--role", "administrator")
    expect("takes legal", deployment.run("order", "authenticate", "people", "--by", "root-1", "--reason", "x", expect=5))
    expect("takes legal", deployment.run("order", "refuse", "people", "--by", "approver-1", "--reason", "x", expect=5))
    deployment.run("order", "confirm", "people", "--by", "counsel-1", "--reason", "own work", expect=5)
    deployment.run("order", "approve", "people", "--by", "counsel-1", "--key", "x.key", "--passphrase-file",
                   deployment.passphrase, expect=5)
    wrong = deployment.folder / "wrong-passphrase"
    wrong.write_text("pas la bonne phrase\n")
    said = deployment.run("order", "approve", "people", "--by", "approver-1", "--key",
                          deployment.folder / "people/approver-1.key", "--passphrase-file", wrong, expect=7)
    expect("passphrase", said)
    deployment.run("disclose", "people", "--out", deployment.folder / "x.sealed", "--by", "counsel-1", "--station",
                   deployment.station, expect=5)
    deployment.run("disclose", "no-such-order", "--out", deployment.folder / "x.sealed", "--by", "counsel-1", "--station",
                   deployment.station, expect=4)
    assert not (deployment.folder / "x.sealed").exists()


def inputs(deployment):
    log = deployment.folder / "platform.jsonl"
    log.write_text('{"class":"activity","event":"login","at":"2024-10-20T10:00:00Z","account":"acct-1","body":"hello"}\n'
                   '{"class":"activity","event":"login","at":"2024-10-20T10:00:00","account":"acct-1"}\n'
                   '{"class":"activity","event":"login","at":"2024-10-20T10:00:01Z","account":"acct-2"}\n')
    said = run("decode", "--format", "jsonl", log, expect=3)
    expect("line 2", said)
    expect("zone", said)
    expect("body", said)      # a column of content is dropped by name
    assert "hello" not in said
    expect("acct-2", said)    # the broken line did not stop the others
    run("decode", "--format", "jsonl", deployment.folder / "no-such-file", expect=4)
    run("decode", "--format", "morse", log, expect=2)
    run("verify", log, expect=3)
    run("init", deployment.deployment, "--provider", "X", "--origin", "x.example", "--custodian",
        deployment.station / "custodian-1.crt", "--custodian", deployment.station / "custodian-2.crt", expect=5)
    run("--config", deployment.folder / "nowhere", "ledger", "show", expect=4)
    deployment.run("ledger", "verify")
    assess = json.loads(run("--json", "order", "assess", ROOT / "examples/rg-24-57625/platform-order.json"))
    verdicts = {(item["line"], item["item"]): item["verdict"] for item in assess["items"]}
    assert verdicts[("L1", "phone")] == "release" and verdicts[("L5", "pseudonyms")] == "human", verdicts


def main():
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(pathlib.Path(folder), demo_clock="2024-11-12T16:20:00Z")
        orders(deployment)
        people(deployment)
        inputs(deployment)


if __name__ == "__main__":
    main()
