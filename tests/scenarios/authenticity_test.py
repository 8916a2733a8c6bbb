#!/usr/bin/env python3
"""An order is held against what was known of its court before: a number confirmed by two people, or a signed paper, whose
certificates were not revoked."""
import hashlib
import json
import tempfile

from probatio import ROOT, Deployment, message_line, run
from registry import House, openssl

COURT = json.loads((ROOT / "examples/rg-24-57625/platform-order.json").read_text())["court"]
CLOCK = "2024-11-13T09:00:00+01:00"


def expect(words, said):
    assert words in said, f"expected {words!r} in: {said}"


def receive(deployment, order_id, **changes):
    deployment.run("order", "add", deployment.order_file(order_id, [message_line("L1", "m-7", "2024-10-20")], **changes),
                   "--by", "counsel-1")
    for paper in changes.get("papers", []):
        confirm = ("order", "confirm", order_id, "--by", "counsel-2", "--reason", "compared")
        expect("give the one you compared with", deployment.run(*confirm, expect=5))
        expect("of no paper that the order names", deployment.run(*confirm, "--paper-digest", "00" * 32, expect=5))
        deployment.run(*confirm, "--paper-digest", paper["sha256"])
    if "papers" not in changes:
        deployment.run("order", "confirm", order_id, "--by", "counsel-2", "--reason", "compared")


def call_back(deployment):
    receive(deployment, "called")
    by = ("--by", "counsel-1")
    enter = ("order", "authority", "add", "tj-paris", "--name", COURT.upper(), "--phone", "+33 1 99 00 12 34", "--source",
             "printed directory", *by)
    call = ("order", "authenticate", "called", *by, "--authority", "tj-paris", "--reason", "Mme Exemple, registry")
    deployment.run(*call, expect=4)
    deployment.run(*enter)
    expect("no second person", deployment.run(*call, expect=5))
    expect("another person", deployment.run("order", "authority", "confirm", "tj-paris", *by, expect=5))
    deployment.run("order", "authority", "confirm", "tj-paris", "--by", "counsel-2")
    expect("--authority", deployment.run("order", "authenticate", "called", *by, "--reason", "it looks fine", expect=5))
    expect("+33 1 99 00 12 34", deployment.run(*call))
    events = json.loads(deployment.run("--json", "order", "show", "called"))["events"]
    assert [event["item"] for event in events if event["kind"] == "authenticated"] == ["call_back"], events

    receive(deployment, "other-court", court="Tribunal judiciaire de Lyon")
    expect("the order names", deployment.run("order", "authenticate", "other-court", *by, "--authority", "tj-paris",
                                             "--reason", "x", expect=5))
    deployment.run(*enter[:7], "+33 1 99 00 66 66", *enter[8:])  # somebody changes the number
    deployment.run("order", "authority", "confirm", "tj-paris", "--by", "counsel-2")
    receive(deployment, "after-the-change")
    expect("not used before", deployment.run("order", "authenticate", "after-the-change", *by, "--authority", "tj-paris",
                                             "--reason", "x", expect=5))
    entries = deployment.run("--json", "ledger", "show")
    assert entries.count("authority_changed") == 4 and "99 00" not in entries, "the ledger has each change and no number"


def signed_paper(deployment):
    folder, people = deployment.folder, deployment.folder / "court"
    run("people", "keygen", "judge", "--name", "Le president", "--out", people, "--passphrase-file", deployment.passphrase,
        "--from", "2024-10-01T00:00:00Z")
    paper = folder / "decision.pdf"
    paper.write_bytes(b"%PDF-1.7 the decision")
    # openssl stamps the machine's clock on its signature; it proves nothing and nobody is asked to believe it.
    openssl("cms", "-sign", "-binary", "-cades", "-in", paper, "-signer", people / "judge.crt", "-inkey", people / "judge.key",
            "-passin", f"file:{deployment.passphrase}", "-outform", "DER", "-out", folder / "decision.p7s")
    receive(deployment, "signed", court="Tribunal judiciaire de Nantes", papers=[
        {"name": "decision.pdf", "sha256": hashlib.sha256(paper.read_bytes()).hexdigest(), "kind": "decision"}])
    by = ("--by", "counsel-1")
    deployment.run("order", "authority", "add", "tj-nantes", "--name", "Tribunal judiciaire de Nantes", "--certificate",
                   people / "judge.crt", "--source", "handed over at the registry", *by)
    deployment.run("order", "authority", "confirm", "tj-nantes", "--by", "counsel-2")
    other = folder / "other.pdf"
    other.write_bytes(b"%PDF-1.7 another decision")
    prove = ("order", "authenticate", "signed", *by, "--authority", "tj-nantes", "--signature", folder / "decision.p7s", "--paper")
    expect("names none", deployment.run(*prove, other, expect=5))
    expect("no number", deployment.run(*prove[:7], "--reason", "called", expect=5))
    expect("signed by Le president", deployment.run(*prove, paper))


def signed_pdf(deployment):
    house = House(deployment.folder / "registry")
    house.certify("judge")
    paper, longer = deployment.folder / "inside.pdf", deployment.folder / "longer.pdf"
    house.sign_pdf(paper)
    longer.write_bytes(paper.read_bytes() + b"2 0 obj\n<</Type/DSS>>\nendobj\n%%EOF\n")
    receive(deployment, "inside", court="Tribunal judiciaire de Brest", papers=[
        {"name": "inside.pdf", "sha256": hashlib.sha256(paper.read_bytes()).hexdigest(), "kind": "decision"}])
    by = ("--by", "counsel-1")
    deployment.run("order", "authority", "add", "tj-brest", "--name", "Tribunal judiciaire de Brest", "--certificate",
                   house.folder / "root.crt", "--source", "handed over at the registry", *by)
    deployment.run("order", "authority", "confirm", "tj-brest", "--by", "counsel-2")
    good = house.list("good.pem")
    house.ca("-revoke", house.folder / "judge.crt", *house.by_root())
    revoked = house.list("revoked.pem")
    prove = ("order", "authenticate", "inside", *by, "--authority", "tj-brest", "--paper")
    expect("names none", deployment.run(*prove, longer, expect=5))
    expect("no time-stamp of somebody else proves", deployment.run(*prove, paper, "--revocation", revoked, expect=7))
    expect("neither a revocation list", deployment.run(*prove, paper, "--revocation", house.folder / "cms", expect=3))
    said = deployment.run(*prove, longer, "--signed-revision", "--revocation", good)
    expect("35 bytes that were added later are left out", said)
    expect("the signer's certificate was not revoked at 2024-11-13T", said)


with tempfile.TemporaryDirectory() as folder:
    deployment = Deployment(folder, demo_clock=CLOCK)
    call_back(deployment)
    signed_paper(deployment)
    signed_pdf(deployment)
print("authenticity: ok")
