"""The ledger in the hands of others: published, audited, time-stamped from afar, cosigned, cut, forked, put back."""
import http.server
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading

from probatio import Deployment, PASSPHRASE, message_sent, run

AUTHORITY_CONFIG = """
[ca]
basicConstraints = critical,CA:TRUE
[tsa]
extendedKeyUsage = critical,timeStamping
[one]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""


def openssl(*arguments, **options):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **options)


class TimestampAuthority:
    """An authority of the network: OpenSSL behind HTTP. `broken` makes it answer with an old token; `silent` with 503."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.broken = self.silent = False
        self.asked = 0
        config = self.folder / "config"
        config.write_text(AUTHORITY_CONFIG.format(folder=folder))
        for name in ("ca", "tsa"):
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/{name}.key", "-subj", f"/CN=Essai {name}",
                    "-out", f"{folder}/{name}.csr")
        openssl("x509", "-req", "-in", f"{folder}/ca.csr", "-signkey", f"{folder}/ca.key", "-days", 30, "-extfile", config,
                "-extensions", "ca", "-out", f"{folder}/ca.crt")
        openssl("x509", "-req", "-in", f"{folder}/tsa.csr", "-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key", "-days", 30,
                "-CAcreateserial", "-extfile", config, "-extensions", "tsa", "-out", f"{folder}/tsa.crt")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{server.server_port}/tsr"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def reply(self, query):
        self.asked += 1
        answer = self.folder / "answer.tsr"
        if not (self.broken and answer.exists()):
            (self.folder / "query.tsq").write_bytes(query)
            openssl("ts", "-reply", "-config", self.folder / "config", "-section", "one", "-queryfile", self.folder / "query.tsq",
                    "-signer", self.folder / "tsa.crt", "-inkey", self.folder / "tsa.key", "-out", answer)
        return answer.read_bytes()

    def handler(outer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                answer = b"" if outer.silent else outer.reply(query)
                self.send_response(503 if outer.silent else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        return Handler


def grow(deployment, folder, day):
    rows = folder / f"day-{day}.jsonl"
    rows.write_text(json.dumps(message_sent(day, f"m-{day}", f"2026-01-{day:02}T10:00:00Z")) + "\n")
    deployment.run("import", "--format", "jsonl", rows)


def configure(deployment, **texts):
    path = deployment.deployment / "probatio.toml"
    text = path.read_text()
    if "witness" in texts:
        text = text.replace("[ledger]\n", f"[ledger]\nwitnesses = [\"{texts['witness']}\"]\n")
    for authority in texts.get("authorities", []):
        text += f"\n[[timestamps]]\nurl = \"{authority.url}\"\nanchors = \"{authority.folder}/ca.crt\"\n"
    path.write_text(text)


def audit(published, key, *arguments, expect=0):
    return run("ledger", "audit", published, "--ledger-key", key, *arguments, expect=expect)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="probatio-ledger."))
    deployment = Deployment(folder)
    published = deployment.deployment / "published"
    key = json.loads((deployment.station / "anchors.json").read_text())["ledger_key"]

    # Published, and judged with nothing but the folder and the key.
    grow(deployment, folder, 10)
    deployment.run("ledger", "publish")
    assert "hold together" in audit(published, key)
    early = folder / "early.checkpoint"
    shutil.copy(published / "checkpoint", early)
    backup = folder / "casebook-backup.db"
    shutil.copy(deployment.deployment / "casebook.db", backup)

    # Time-stamped by an authority of the network, by the second one when the first is silent or answers with an old token.
    first, second = TimestampAuthority(folder / "tsa-1"), TimestampAuthority(folder / "tsa-2")
    configure(deployment, authorities=[first, second])
    grow(deployment, folder, 11)
    assert "by Essai tsa" in deployment.run("ledger", "publish")
    assert (first.asked, second.asked) == (1, 0)
    first.broken = True
    grow(deployment, folder, 12)
    deployment.run("ledger", "publish")
    assert (first.asked, second.asked) == (2, 1)
    first.silent = second.silent = True
    grow(deployment, folder, 13)
    said = deployment.run("ledger", "publish", expect=6)
    assert "no authority gave one" in said and said.count("503") == 2, said
    first.silent = first.broken = False
    deployment.run("ledger", "publish")
    both = folder / "authorities.pem"
    both.write_text((first.folder / "ca.crt").read_text() + (second.folder / "ca.crt").read_text()
                    + (deployment.deployment / "trust.pem").read_text())
    said = audit(published, key, "--trust", both, "--since", early)
    assert "4 time-stamped checkpoints" in said and "seen before are its beginning" in said, said
    audit(published, key, "--trust", first.folder / "ca.crt", expect=7)  # the second authority's is not trusted

    # A witness, on a machine of its own, signs what continues what it saw, and nothing else.
    witness = folder / "witness"
    witness.mkdir()
    name = ["--name", "witness.example.org", "--passphrase-file", deployment.passphrase]
    witness_key = run("ledger", "witness-key", witness / "key", *name).splitlines()[-1]
    configure(deployment, witness=witness_key)
    cosign = ["ledger", "cosign", witness / "in", "--ledger-key", key, "--seen", witness / "seen", "--key", witness / "key",
              "--out", witness / "out", *name]
    deployment.run("ledger", "continuation", "--out", witness / "in")
    run(*cosign)
    deployment.run("ledger", "cosigned", witness / "out")
    grow(deployment, folder, 14)
    deployment.run("ledger", "continuation", "--since", witness / "seen", "--out", witness / "in")
    run(*cosign)
    deployment.run("ledger", "cosigned", witness / "out")
    deployment.run("ledger", "continuation", "--since", early, "--out", witness / "in")
    assert "the tree seen before has" in run(*cosign, expect=3)
    assert "no cosignature" in deployment.run("ledger", "cosigned", early, expect=1)

    # An old backup is put back: nothing is appended to it, and what was published brings the ledger back whole.
    deployment.run("ledger", "publish")
    now = folder / "casebook-now.db"
    shutil.copy(deployment.deployment / "casebook.db", now)
    shutil.copy(backup, deployment.deployment / "casebook.db")
    said = deployment.run("ledger", "show", expect=6)
    assert "put back to an older state" in said, said
    deployment.run("ledger", "restore")
    assert "hold together" in deployment.run("ledger", "verify")
    grow(deployment, folder, 15)
    deployment.run("ledger", "publish")
    late = folder / "late.checkpoint"
    shutil.copy(published / "checkpoint", late)
    audit(published, key, "--since", early, "--trust", both)

    # Altered, cut, forked: each has its name.
    copy = folder / "copy"
    shutil.copytree(published, copy)
    size = int((copy / "checkpoint").read_text().splitlines()[1])
    last = copy / f"tile/entries/{size // 256:03}.p/{size % 256}"
    content = bytearray(last.read_bytes())
    content[10] ^= 1
    last.write_bytes(content)
    assert "is not the one whose hash stands in" in audit(copy, key, expect=7)
    shutil.copy(early, copy / "checkpoint")
    assert "the ledger was cut" in audit(copy, key, "--since", late, expect=7)
    shutil.copy(backup, deployment.deployment / "casebook.db")
    shutil.move(published, folder / "hidden")
    grow(deployment, folder, 16)
    while int((deployment.run("ledger", "verify").split("\n\n")[1]).splitlines()[1]) <= size:
        grow(deployment, folder, 16)
    deployment.run("ledger", "publish", "--no-stamp")
    assert "the ledger was forked" in audit(published, key, "--since", late, expect=7)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
