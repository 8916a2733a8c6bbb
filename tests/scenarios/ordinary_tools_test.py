#!/usr/bin/env python3
"""openssl, unzip and pdftotext accept what we sign, without us; and refuse it once it was altered."""
import hashlib
import json
import pathlib
import subprocess
import tempfile
import zipfile

from probatio import BIN, ROOT, Deployment, message_line, message_sent, run
from registry import House

MANIFEST = "META-INF/ASiCManifest.xml"
SIGNATURE = "META-INF/signature.p7s"


def ordinary(*command, expect=0):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == expect, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def enclose_list(folder, deployment):
    """A list goes into the package; whose it is, whoever judges the package asks."""
    house = House(folder / "registry")
    house.list("list.pem")
    config = deployment.deployment / "probatio.toml"
    before = config.read_text()
    config.write_text(before + "\n[seal]\nrevocation = [" + ", ".join(['"a.pem"'] * 17) + "]\n")
    assert "revocation: more than 16" in deployment.run("order", "list", expect=3)
    config.write_text(f'{before}\n[seal]\nrevocation = ["{house.folder}/list.pem"]\n')


def make_package(folder, deployment):
    records = pathlib.Path(folder) / "activities.jsonl"
    records.write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"2024-10-20T10:00:{n:02}Z")) + "\n" for n in range(20)))
    deployment.run("import", "--format", "jsonl", records)
    deployment.run("clock", "set", "2024-11-12T16:20:00Z")
    enclose_list(pathlib.Path(folder), deployment)
    deployment.live("tools", deployment.order_file("tools", [message_line("L1", "m-7", "2024-10-20")]))
    sealed = pathlib.Path(folder) / "tools.asice.sealed"
    deployment.run("disclose", "tools", "--out", sealed, "--by", "counsel-1", "--station", deployment.station)
    return deployment.open_and_verify(sealed, pathlib.Path(folder) / "tools.asice")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        deployment = Deployment(folder, demo_clock="2024-10-22T06:00:00Z")
        package = make_package(folder, deployment)
        ordinary("unzip", "-t", package)
        out = folder / "out"
        with zipfile.ZipFile(package) as archive:
            assert archive.namelist()[0] == "mimetype"
            archive.extractall(out)
        authority = deployment.deployment / "keys/authority.crt"
        at = ["-attime", "1731428400"]  # on the demonstration clock

        verify = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-CAfile", authority,
                  "-in", out / SIGNATURE, "-out", "/dev/null", *at]
        ordinary(*verify, "-content", out / MANIFEST)
        enclosed = ordinary("openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", out / SIGNATURE)
        assert "crl" in enclosed and "CN=root" in enclosed.replace(" ", ""), "the list is enclosed"
        altered = folder / "altered.xml"
        altered.write_bytes((out / MANIFEST).read_bytes().replace(b"disclosure.csv", b"disclosure.cvs"))
        assert subprocess.run([str(part) for part in [*verify, "-content", altered]], capture_output=True).returncode != 0

        ordinary("openssl", "ts", "-verify", "-in", out / "ledger/checkpoint.tst", "-token_in", "-data",
                 out / "ledger/checkpoint.txt", "-CAfile", authority, *at)
        manifest = (out / MANIFEST).read_text()
        for name in ("disclosure.json", "disclosure.csv", "scope.json", "proofs.json", "report.pdf"):
            assert f'URI="{name}"' in manifest, f"{name} is not signed"
        text = ordinary("pdftotext", "-layout", out / "report.pdf", "-")
        assert "Communication de données d'identification" in text
        assert hashlib.sha256((out / "disclosure.json").read_bytes()).hexdigest() in "".join(text.split())

        shown = (out / "disclosure.json").read_text()
        assert '"m-7"' in shown and "m-8" not in shown, "more than was ordered"

        # The verifier that an expert builds alone agrees, and names what was altered.
        alone = [BIN / "probatio-verify", package, "--trust", deployment.deployment / "trust.pem"]
        assert "the signer's certificate is not known to be unrevoked" in ordinary(*alone)
        ordinary(*alone, "--revocation", folder / "registry/list.pem")
        assert "revocation: holds no revocation list" in ordinary(*alone, "--revocation", package, expect=3)
        second = ["python3", ROOT / "tests/second_verifier/second_verifier.py", package, "--trust", authority]
        assert json.loads(ordinary(*second))["valid"]
        flipped = bytearray(package.read_bytes())
        flipped[flipped.find(b"disclosure.csv") + 60] ^= 1
        package.write_bytes(bytes(flipped))
        said = ordinary(*alone, expect=7)
        assert MANIFEST in said, said  # where the name stands first
        run("verify", package, expect=7)
        assert not json.loads(ordinary(*second, expect=1))["valid"]


if __name__ == "__main__":
    main()
