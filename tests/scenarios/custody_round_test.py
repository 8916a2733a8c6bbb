#!/usr/bin/env python3
"""The custodians' year with files on a stick: a token, a request shown and returned, a drill, a rotation, an expiry."""
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import time

from probatio import BIN, ROOT, Deployment, message_line, message_sent, run

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "271828"


def make_token(folder, name, home):
    """A SoftHSM2 token with a custodian's key in it, and its certificate."""
    (folder / "tokens").mkdir(exist_ok=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    for command in (["softhsm2-util", "--init-token", "--free", "--label", name, "--so-pin", "87654321", "--pin", PIN],
                    ["pkcs11-tool", "--module", MODULE, "--token-label", name, "--login", "--pin", PIN, "--keypairgen", "--key-type",
                     "EC:prime256v1", "--label", "share", "--id", "01", "--usage-derive", "--usage-sign"]):
        subprocess.run(command, check=True, capture_output=True)
    (home / f"{name}.pkcs11").write_text(f"pkcs11:token={name};object=share?module-path={MODULE}\n")
    (home / f"{name}.passphrase").write_text(PIN + "\n")
    run("custody", "certify", home / f"{name}.pkcs11", "--name", name, "--passphrase-file", home / f"{name}.passphrase")


def ledger(deployment, kind):
    lines = deployment.run("--json", "ledger", "show").splitlines()
    return [entry["fields"] for entry in map(json.loads, lines) if entry["type"] == kind]


def carry(deployment, process, folder):
    """By hand: show, answer, return; with a damaged and a foreign answer on the way."""
    last, carried = None, set()
    while process.poll() is None:
        for request in (deployment.deployment / "custody").glob("*.request"):
            if request in carried:
                continue
            carried.add(request)
            shown = run("custody", "show", "--request", request)
            assert "order round" in shown and "approved by" in shown and "m-7" not in shown, shown
            answer = folder / f"answer-{len(carried)}"
            run("custody", "answer", "--request", request, "--station", deployment.station, "--out", answer)
            cut = folder / "cut"
            cut.write_bytes(answer.read_bytes()[:-9])
            said = deployment.run("custody", "return", cut, expect=3)
            assert str(cut) in said and "cut short" in said, said
            if last:
                said = deployment.run("custody", "return", last, expect=4)
                assert str(last) in said and "answers no request" in said, said
            said = run("custody", "drill", "answer", "--drill", request, "--station", deployment.station, "--out", cut, expect=3)
            assert "not probatio-custody-sent-drill" in said, said
            deployment.run("custody", "return", answer)
            last = answer
        time.sleep(0.1)
    return len(carried)


def drill(deployment, folder):
    file, answer = folder / "drill.json", folder / "verdict"
    deployment.run("custody", "drill", "make", "--out", file, "--segments", "2")
    said = run("custody", "answer", "--request", file, "--station", deployment.station, "--out", answer, expect=3)
    assert str(file) in said and "not probatio-custody-sent-request" in said, said
    run("custody", "drill", "answer", "--drill", file, "--station", deployment.station, "--out", answer)
    said = deployment.run("custody", "return", answer, expect=3)
    assert "is the answer to a drill" in said, said
    said = deployment.run("custody", "drill", "enter", answer)
    assert "opened; entered in the ledger" in said, said
    deployment.run("custody", "drill", "enter", answer, expect=5)
    assert ledger(deployment, "custody_drill_result")[-1]["not_opened"] == "0"


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        deployment = Deployment(folder)
        # custodian-2's key moves into a token; from now on windows are wrapped to it.
        make_token(folder, "custodian-2b", deployment.station)
        for name in ("custodian-2.key", "custodian-2.crt", "custodian-2.passphrase"):
            (deployment.station / name).rename(folder / name)
        deployment.run("custody", "rotate", "--retire", "custodian-2", "--certificate", deployment.station / "custodian-2b.crt")
        assert len(ledger(deployment, "custodian_rotated")) == 1
        listed = json.loads(deployment.run("--json", "custody", "list"))
        assert [one["id"] for one in listed] == ["custodian-1", "custodian-3", "custodian-2"], listed

        yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        day = yesterday.date().isoformat()
        log = folder / "log.jsonl"
        log.write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"{day}T00:00:{n:02}Z")) + "\n" for n in range(20)))
        deployment.run("import", "--format", "jsonl", log)
        drill(deployment, folder)

        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        order = deployment.order_file("round", [message_line("L1", "m-7", day)], date=now[:10],
                                      service={"at": now, "mode": "signification", "invented": True})
        deployment.live("round", order)
        sealed = folder / "round.asice.sealed"
        process = subprocess.Popen([BIN / "probatio", "--config", deployment.deployment, "disclose", "round", "--out", sealed,
                                    "--by", "counsel-1", "--wait", "60"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        carried = carry(deployment, process, folder)
        assert process.returncode == 0, process.stderr.read()
        assert carried >= 2
        deployment.open_and_verify(sealed, folder / "round.asice")

        # A refused PIN is said, and never printed.
        (deployment.station / "custodian-2b.passphrase").write_text("999999\n")
        deployment.run("custody", "drill", "make", "--out", folder / "d2")
        said = run("custody", "drill", "answer", "--drill", folder / "d2", "--station", deployment.station, "--out", folder / "v2", expect=7)
        assert "custodian-2b.pkcs11" in said and "PIN is refused" in said and "999999" not in said, said
        (deployment.station / "custodian-2b.passphrase").write_text(PIN + "\n")

        # A certificate that has ended warns and stops nothing.
        run("custody", "keygen", "old", "--name", "Old", "--out", folder, "--passphrase-file", deployment.passphrase,
            "--from", (yesterday - datetime.timedelta(days=3 * 365 - 30)).strftime("%Y-%m-%dT%H:%M:%SZ"))
        deployment.run("custody", "rotate", "--add", "custodian-4", "--certificate", folder / "old.crt", "--backup")
        done = subprocess.run([BIN / "probatio", "--config", deployment.deployment, "import", "--format", "jsonl", log],
                              capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0 and "warning: the certificate of custodian custodian-4 ends on" in done.stderr, done

        # Too few are left: refused, nothing changed. And nobody slips a certificate in beside the ledger.
        deployment.run("custody", "rotate", "--retire", "custodian-4")
        deployment.run("custody", "rotate", "--retire", "custodian-3")
        deployment.run("custody", "rotate", "--retire", "custodian-1", expect=3)
        custodians = deployment.deployment / "custodians.pem"
        kept = custodians.read_text()
        custodians.write_text(kept + kept.replace("custodian-1", "intruder"))
        assert "not the set of custodians that the ledger names" in deployment.run("window", "list", expect=5)
        custodians.write_text(kept)
        # An interrupted rotation whose entry was never made leaves the old set.
        (deployment.deployment / "custodians.pem.prepared").write_text("custodian: half\n")
        deployment.run("window", "list")


if __name__ == "__main__":
    main()
