"""An order that cannot be enforced is received, assessed and held, but neither found enforceable nor executed."""
import json
import tempfile

from probatio import ROOT, Deployment, message_line, run


def gates(text):
    return {gate["gate"]: gate for gate in json.loads(text)["gates"]}


def main():
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(folder, demo_clock="2024-11-13T09:00:00Z")
        formalities = {"executory_formula": "no"}
        order = deployment.order_file("unserved-1", [message_line("L1", "m-1", "2024-10-21")], formalities=formalities,
                                      penalty={"euro": 500, "per": "day"}, addressee_number="901234567")
        without = json.loads(order.read_text())
        del without["service"]
        order.write_text(json.dumps(without, ensure_ascii=False))

        # A bare file: every gate, its article and what would cure it.
        said = run("--json", "order", "enforceability", order, "--entity", "Telegram Messenger Inc", expect=1)
        found = gates(said[: said.rindex("}") + 1])
        assert (found["notice"]["answer"], found["notice"]["reference"]) == ("not_met", "CPC 503"), found
        assert found["formula"]["answer"] == "not_met" and "465" in found["formula"]["cure"]
        assert found["entity"]["answer"] == "met"

        # Held at reception; assessed though nobody may find it enforceable.
        by = ["--by", "counsel-1"]
        deployment.run("order", "add", order, *by)
        assert deployment.run("hold", "list").strip()
        deployment.run("order", "confirm", "unserved-1", "--by", "counsel-2", "--reason", "compared")
        deployment.run("order", "authenticate", "unserved-1", *by, "--reason", "called the registry")
        refused = deployment.run("order", "enforceable", "unserved-1", *by, "--reason", "surely", expect=5)
        assert "notice: the order has not been served [CPC 503]" in refused, refused
        deployment.run("order", "assess", "unserved-1", *by)
        said = json.loads(deployment.run("--json", "order", "show", "unserved-1"))
        assert said["state"] == "authenticated" and said["assessment"]["time_limit"] is None

        # Service comes, and with it the time limit; then the executory copy.
        after = deployment.run("order", "served", "unserved-1", "--at", "2024-11-13T09:30:00+01:00", "--mode", "bailiff", *by,
                               "--reason", "the bailiff's act of 13 November")
        assert "answer before 2024-11-15 09:30:00 +01:00" in after, after
        assert "formula" in deployment.run("order", "enforceable", "unserved-1", *by, "--reason", "x", expect=5)
        refused = deployment.run("order", "cure", "unserved-1", "--gate", "notice", *by, "--reason", "no", expect=5)
        assert "no gate that a person can make good" in refused, refused
        deployment.run("order", "cure", "unserved-1", "--gate", "formula", *by, "--reason", "the executory copy arrived")

        # What a gate leaves to a person, the person answers with a reason.
        deployment.run("order", "enforceable", "unserved-1", *by, expect=2)
        deployment.run("order", "enforceable", "unserved-1", *by, "--reason", "read the copy; it is our company")
        deployment.run("order", "assess", "unserved-1", *by)
        deployment.approve("unserved-1", "approver-1")
        deployment.approve("unserved-1", "approver-2")

        # Our register number turns out to be another than the paper's: asked again at execution, and refused.
        config = deployment.deployment / "probatio.toml"
        text = config.read_text()
        assert gates(deployment.run("--json", "order", "enforceability", "unserved-1"))["entity"]["answer"] == "human"
        config.write_text(text.replace("[provider]\n", '[provider]\nregister_number = "987654321"\n'))
        refused = deployment.run("disclose", "unserved-1", "--out", f"{folder}/x.asice", *by, expect=5)
        assert "enforceability: entity: addressed to number 901234567, ours is 987654321" in refused, refused
        config.write_text(text)

        # A stay after two approvals kills it.
        deployment.run("order", "stay", "unserved-1", *by, "--reason", "CPC 514-3")
        refused = deployment.run("disclose", "unserved-1", "--out", f"{folder}/x.asice", *by, expect=5)
        assert "stay" in refused, refused

        # The penalty runs from the end of the time limit.
        deployment.run("order", "lift-stay", "unserved-1", *by, "--reason", "ended")
        deployment.run("clock", "set", "2024-11-17T12:00:00Z")
        penalty = json.loads(deployment.run("--json", "order", "enforceability", "unserved-1"))["penalty"]
        assert penalty["euro_so_far_at_most"] == 1500, penalty

    # Deadlines in both languages.
    english = run("deadline", "--served", "2024-11-08T17:00:00+01:00", "--limit", "48 hours", "--mode", "bailiff")
    assert "binding   2024-11-10 17:00:00 +01:00" in english and "later     2024-11-13 00:00:00 +01:00" in english, english
    assert "CPC 640" in english and "CPC 664-1" in english
    french = run("deadline", "--served", "2024-11-08T17:00:00+01:00", "--limit", "48 heures", "--lang", "fr")
    assert "la lecture la plus proche nous lie" in french, french
    epoc = json.loads(run("--json", "deadline", "--instrument", "eu.epoc", "--served", "2026-09-02T09:00:00+02:00"))
    assert epoc["binding"] == "2026-09-14T22:00:00Z", epoc
    appeal = run("deadline", "--instrument", "fr.cpc145.refere.appeal", "--served", "2024-11-12T10:00:00+01:00", "--abroad")
    assert "2025-01-28 00:00:00 +01:00" in appeal and "CPC 643" in appeal, appeal
    run("deadline", "--served", "2024-11-12T10:00:00+01:00", expect=2)  # the judge sets it: nothing to count
    run("deadline", "--served", "2024-11-12T10:00:00+01:00", "--limit", "soon", expect=3)
    print("enforceable only once served, with its executory copy, and not stayed")


if __name__ == "__main__":
    main()
