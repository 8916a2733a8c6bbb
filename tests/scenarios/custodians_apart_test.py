#!/usr/bin/env python3
"""In earnest the custodians' station is another machine: requests are carried to it and answers carried back. On the real clock."""
import datetime
import json
import pathlib
import subprocess
import tempfile
import time

from probatio import BIN, ROOT, Deployment, message_line, message_sent, run


def carry(deployment, process, folder):
    """Takes every request to the station and brings the answer back, until the disclosure ends."""
    carried = set()
    while process.poll() is None:
        for request in (deployment.deployment / "custody").glob("*.request"):
            if request in carried:
                continue
            carried.add(request)
            answer = folder / "answer"
            run("custody", "answer", "--request", request, "--station", deployment.station, "--out", answer)
            answer.rename(request.with_suffix(".answer"))
        time.sleep(0.1)
    return len(carried)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        deployment = Deployment(folder)
        yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        day = yesterday.date().isoformat()
        log = folder / "log.jsonl"
        log.write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"{day}T00:00:{n:02}Z")) + "\n" for n in range(20)))
        deployment.run("import", "--format", "jsonl", log)
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        order = deployment.order_file("apart", [message_line("L1", "m-7", day)], date=now[:10],
                                      service={"at": now, "mode": "signification", "invented": True})
        deployment.live("apart", order)
        sealed = folder / "apart.asice.sealed"
        # The keys of custodians may not lie on the machine that discloses.
        deployment.run("disclose", "apart", "--out", sealed, "--by", "counsel-1", "--station", deployment.station, expect=5)
        process = subprocess.Popen([BIN / "probatio", "--config", deployment.deployment, "disclose", "apart", "--out", sealed,
                                    "--by", "counsel-1", "--wait", "60"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        carried = carry(deployment, process, folder)
        assert process.returncode == 0, process.stderr.read()
        assert carried >= 2, "each step is a request of its own"
        deployment.open_and_verify(sealed, folder / "apart.asice")
        entries = [json.loads(line) for line in deployment.run("--json", "ledger", "show").splitlines()]
        assert sum(entry["type"] == "custody_request" for entry in entries) == carried
        deployment.run("clock", "set", "2030-01-01T00:00:00Z", expect=5)


if __name__ == "__main__":
    main()
