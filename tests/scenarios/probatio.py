"""Drives the real programs as their users do: a small deployment with its people, for the scenario tests."""
import datetime
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ["PROBATIO_BIN"])
PASSPHRASE = "une phrase de passe d'essai"


def run(*arguments, expect=0):
    """Runs `probatio ...`; its standard output. Any other exit code than `expect` fails the test, with all it said."""
    done = subprocess.run([BIN / "probatio", *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, timeout=300)
    said = f"probatio {' '.join(map(str, arguments))}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert done.returncode == expect, said
    return done.stdout if expect == 0 else done.stdout + done.stderr


class Deployment:
    """A platform with two counsels, two approvers, three custodians of whom two are at the station, and an applicant."""

    def __init__(self, folder, demo_clock=None):
        self.folder = pathlib.Path(folder)
        self.deployment = self.folder / "platform"
        self.station = self.folder / "station"
        self.passphrase = self.folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        keys_from = ["--from", "2024-10-01T00:00:00Z"] if demo_clock else []
        key = ["--passphrase-file", self.passphrase, *keys_from]
        for number in (1, 2, 3):
            home = self.station if number < 3 else self.folder / "at-home"
            run("custody", "keygen", f"custodian-{number}", "--name", f"Custodian {number}", "--out", home, *key)
            (home / f"custodian-{number}.passphrase").write_text(PASSPHRASE + "\n")
        demo = ["--demo", "--at", demo_clock] if demo_clock else []
        run("init", self.deployment, "--provider", "Plateforme d'essai", "--origin", "probatio.example/essai",
            "--custodian", self.station / "custodian-1.crt", "--custodian", self.station / "custodian-2.crt",
            "--custodian", self.folder / "at-home/custodian-3.crt", *demo)
        for counsel in ("counsel-1", "counsel-2"):
            self.run("people", "add", counsel, "--name", f"Maître {counsel}", "--role", "legal")
        for approver in ("approver-1", "approver-2"):
            run("people", "keygen", approver, "--name", f"Approver {approver}", "--out", self.folder / "people", *key)
            self.run("people", "add", approver, "--name", approver, "--role", "approver", "--certificate",
                     self.folder / f"people/{approver}.crt")
        run("people", "keygen", "applicant", "--receive", "--name", "Applicant", "--out", self.folder / "people", *key)
        self.run("custody", "anchors", "--out", self.station / "anchors.json")

    def run(self, *arguments, expect=0):
        return run("--config", self.deployment, *arguments, expect=expect)

    def order_file(self, order_id, lines, **changes):
        """The founding order with other lines, as a file."""
        order = json.loads((ROOT / "examples/rg-24-57625/platform-order.json").read_text())
        order["id"] = order_id
        order["register_number"] = f"24/57625 {order_id}"  # another decision: the same one twice is a replay
        order["lines"] = lines
        order["recipients"] = [{"name": "Applicant", "certificate_pem": (self.folder / "people/applicant.crt").read_text()}]
        order.update(changes)
        path = self.folder / f"{order_id}.json"
        path.write_text(json.dumps(order, ensure_ascii=False))
        return path

    def approve(self, order_id, approver):
        self.run("order", "approve", order_id, "--by", approver, "--key", self.folder / f"people/{approver}.key",
                 "--passphrase-file", self.passphrase)

    def live(self, order_id, order_file):
        """From reception to two approvals."""
        self.run("order", "add", order_file, "--by", "counsel-1")
        self.run("order", "confirm", order_id, "--by", "counsel-2", "--reason", "compared")
        self.run("order", "authenticate", order_id, "--by", "counsel-1", "--reason", "called the registry")
        self.run("order", "enforceable", order_id, "--by", "counsel-1", "--reason", "CPC 514")
        self.run("order", "assess", order_id, "--by", "counsel-1")
        self.approve(order_id, "approver-1")
        self.approve(order_id, "approver-2")

    def open_and_verify(self, sealed, package):
        run("open", sealed, "--key", self.folder / "people/applicant.key", "--passphrase-file", self.passphrase, "--out", package)
        run("verify", package, "--trust", self.deployment / "trust.pem")
        return package


def message_line(line_id, message, day):
    """A line that asks for the connection from which a message was sent."""
    after = (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
    return {"id": line_id, "items": ["source_ip", "source_port", "connection_time"], "subject": {"message": message},
            "events": ["message_sent"], "period": {"from": f"{day}T00:00:00Z", "to": f"{after}T00:00:00Z"},
            "cite": {"page": 6, "words": "les adresses IP et les ports source"}}


def message_sent(number, message, at):
    """One activity, as a platform logs it."""
    return {"class": "activity", "event": "message_sent", "at": at, "account": f"acct-{number % 500:04}", "message": message,
            "source_ip": f"198.51.100.{number % 250 + 1}", "source_port": 1024 + number % 60000, "proto": "tcp"}
