#!/usr/bin/env python3
"""Two approvers sign on their own machines. Three folders stand for three machines, only files go between them; on the real clock.
One of them keeps the key in a PKCS#11 token, where SoftHSM2 is installed."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from probatio import PASSPHRASE, Deployment, message_line, run

MODULE = pathlib.Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "271828"


class Machine:
    """An approver's own machine: a key, a passphrase and what was carried there. No deployment."""

    def __init__(self, folder, deployment, approver):
        self.folder = folder / f"machine-of-{approver}"
        self.folder.mkdir()
        self.approver = approver
        self.passphrase = self.folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")
        for ending in ("key", "crt"):
            shutil.move(deployment.folder / f"people/{approver}.{ending}", self.folder)

    def sign(self, stick, answer, by=None, expect=0):
        request = self.folder / "request"
        shutil.copy(stick, request)
        (self.folder / answer).unlink(missing_ok=True)
        said = run("--config", self.folder / "no-deployment-here", "order", "approve", request, "--by", by or self.approver, "--key",
                   self.folder / f"{self.approver}.key", "--passphrase-file", self.passphrase, "--out", self.folder / answer,
                   expect=expect)
        return said, self.folder / answer


def assessed(server, order_id, now):
    order = server.order_file(order_id, [message_line("L1", "m-7", now[:10])], date=now[:10],
                              service={"at": now, "mode": "signification", "invented": True})
    server.run("order", "add", order, "--by", "counsel-1")
    server.run("order", "confirm", order_id, "--by", "counsel-2", "--reason", "compared")
    server.run("order", "authenticate", order_id, "--by", "counsel-1", "--reason", "called the registry")
    server.run("order", "enforceable", order_id, "--by", "counsel-1", "--reason", "CPC 514")
    server.run("order", "assess", order_id, "--by", "counsel-1")


def request(server, stick, order_id, *how):
    server.run("order", "approval-request", order_id, "--out", stick, *how)


def make_token(folder, name):
    """A signing key that never leaves its token, and its certificate."""
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    for command in (["softhsm2-util", "--init-token", "--free", "--label", name, "--so-pin", "87654321", "--pin", PIN],
                    ["pkcs11-tool", "--module", MODULE, "--token-label", name, "--login", "--pin", PIN, "--keypairgen", "--key-type",
                     "EC:prime256v1", "--label", "sign", "--id", "01", "--usage-sign"]):
        subprocess.run(command, check=True, capture_output=True)
    uri = folder / f"{name}.pkcs11"
    uri.write_text(f"pkcs11:token={name};object=sign?module-path={MODULE}\n")
    (folder / "pin").write_text(PIN + "\n")
    run("people", "certify", uri, "--name", f"Approver {name}", "--passphrase-file", folder / "pin")
    return uri


def with_token(server, folder, stick):
    if not MODULE.exists():
        print("skipped: approval with a token: softhsm2 is not installed")
        return
    uri = make_token(folder, "approver-3")
    server.run("people", "add", "approver-3", "--name", "A token's holder", "--role", "approver", "--certificate",
               folder / "approver-3.crt")
    request(server, stick / "for-token", "other")
    run("order", "approve", stick / "for-token", "--by", "approver-3", "--key", uri, "--passphrase-file", folder / "pin", "--out",
        folder / "by-token")
    assert "a second person must approve" in server.run("order", "approval-take", folder / "by-token")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        server = Deployment(folder)
        a, b = (Machine(folder, server, approver) for approver in ("approver-1", "approver-2"))
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        stick = folder / "stick"
        stick.mkdir()
        for order_id in ("afar", "other"):
            assessed(server, order_id, now)
            request(server, stick / order_id, order_id)

        # What is signed is read first, in either language, and names what the paper says.
        shown = run("order", "approval-show", stick / "afar")
        assert "DISCLOSED" in shown and "m-7" in shown and "les adresses IP et les ports source" in shown, shown
        shown = run("order", "approval-show", stick / "afar", "--french")
        assert "COMMUNIQUÉES" in shown and "Adresse IP source de la connexion" in shown, shown

        # A request that was changed on the way is not even shown.
        changed = stick / "changed"
        changed.write_text((stick / "afar").read_text().replace('\n{"court"', '\n {"court"', 1))
        run("order", "approval-show", changed, expect=3)

        # One signature is not enough, and the same one does not count twice.
        _, first = a.sign(stick / "afar", "answer")
        assert "a second person must approve" in server.run("order", "approval-take", first)
        assert "already approved" in server.run("order", "approval-take", first, expect=5)
        # Nor does the same key under the other's name: it is not the one registered for that person.
        _, lent = a.sign(stick / "afar", "lent", by="approver-2")
        assert "not the one registered for approver-2" in server.run("order", "approval-take", lent, expect=5)

        # The second approver signs the very same bytes.
        request(server, stick / "again", "afar")
        assert (stick / "again").read_bytes() == (stick / "afar").read_bytes()
        _, second = b.sign(stick / "afar", "answer")
        assert "the order is approved" in server.run("order", "approval-take", second)

        # After a new assessment, neither the old answers nor a new signature under the old scope count.
        server.run("order", "assess", "afar", "--by", "counsel-1")
        assert "no scope is to be approved since" in server.run("order", "approval-take", first, expect=4)
        request(server, stick / "anew", "afar")
        assert "over another scope" in server.run("order", "approval-take", first, expect=5)
        _, late = a.sign(stick / "afar", "late")
        assert "over another scope" in server.run("order", "approval-take", late, expect=5)

        # An answer of one order does not approve another, whatever is written on it.
        _, of_other = b.sign(stick / "other", "of-other")
        forged = json.loads(of_other.read_text())
        forged["order"] = "afar"
        of_other.write_text(json.dumps(forged, separators=(",", ":"), sort_keys=True))
        assert "over another scope" in server.run("order", "approval-take", of_other, expect=5)

        # A key that is not the person's, and a person who is no approver.
        server.run("order", "approve", "other", "--by", "counsel-1", "--key", a.folder / "approver-1.key",
                   "--passphrase-file", a.passphrase, expect=5)
        types = [json.loads(line)["type"] for line in server.run("--json", "ledger", "show").splitlines()]
        assert types.count("approval_requested") == 3, types
        with_token(server, folder, stick)
        server.run("ledger", "verify")


if __name__ == "__main__":
    main()
