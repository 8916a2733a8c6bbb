#!/usr/bin/env python3
"""While `disclose` waits for the custodians, imports go on; and what was decided meanwhile holds when the answer comes."""
import datetime
import json
import pathlib
import subprocess
import tempfile
import time

from probatio import BIN, ROOT, Deployment, message_line, message_sent, run

ORDER = "waiting"


class Waiting:
    """A `disclose` that waits for its custodians."""

    def __init__(self, deployment, out):
        self.deployment = deployment
        self.process = subprocess.Popen(
            [BIN / "probatio", "--config", deployment.deployment, "disclose", ORDER, "--out", out, "--by", "counsel-1", "--wait", "240"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.answered = set()

    def request(self):
        """The next request that waits; None when the command has ended."""
        while self.process.poll() is None:
            for path in (self.deployment.deployment / "custody").glob("*.request"):
                if path not in self.answered:
                    return path
            time.sleep(0.1)
        return None

    def answer(self, request):
        self.answered.add(request)
        answer = self.deployment.folder / f"answer-{request.stem}"
        run("custody", "answer", "--request", request, "--station", self.deployment.station, "--out", answer)
        self.deployment.run("custody", "return", answer)

    def answer_all(self):
        while (request := self.request()) is not None:
            self.answer(request)
        said = self.process.stderr.read()
        return self.process.returncode, said


def approve(deployment):
    deployment.run("order", "assess", ORDER, "--by", "counsel-1")
    deployment.approve(ORDER, "approver-1")
    deployment.approve(ORDER, "approver-2")


def main():
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(pathlib.Path(folder))
        now = datetime.datetime.now(datetime.timezone.utc)
        day = (now - datetime.timedelta(days=1)).date().isoformat()
        served = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        logs = []
        for part in range(3):
            logs.append(deployment.folder / f"log-{part}.jsonl")
            logs[-1].write_text("".join(json.dumps(message_sent(n, f"m-{n}", f"{day}T0{part}:00:{n % 60:02}Z")) + "\n"
                                        for n in range(part * 20, part * 20 + 20)))
        deployment.run("import", "--format", "jsonl", logs[0])
        order = deployment.order_file(ORDER, [message_line("L1", "m-7", day)], date=served[:10],
                                      service={"at": served, "mode": "signification", "invented": True})
        deployment.live(ORDER, order)
        out = deployment.folder / "waiting.asice.sealed"

        # Another import does its work at once; a stay that arrives kills the grant when the answer is there.
        waiting = Waiting(deployment, out)
        request = waiting.request()
        deployment.run("import", "--format", "jsonl", logs[1])
        deployment.run("order", "stay", ORDER, "--by", "counsel-1", "--reason", "CPC 514-3")
        waiting.answer(request)
        code, said = waiting.answer_all()
        assert code == 5 and "the order is stayed" in said and not out.exists(), (code, said)
        deployment.run("order", "lift-stay", ORDER, "--by", "counsel-1", "--reason", "rejected")

        # Approvals that ended meanwhile bear nothing, though two others were given for another scope.
        waiting = Waiting(deployment, out)
        waiting.request()
        time.sleep(1.1)
        approve(deployment)
        code, said = waiting.answer_all()
        assert code == 5 and "another scope was signed since" in said and not out.exists(), (code, said)

        # Two at once: one is executed, the other is told.
        first = Waiting(deployment, out)
        first.request()
        second = Waiting(deployment, deployment.folder / "second.sealed")
        while len(set((deployment.deployment / "custody").glob("*.request"))) < 2:
            assert second.process.poll() is None, second.process.stderr.read()
            time.sleep(0.1)
        results = {}
        while len(results) < 2:
            for path in set((deployment.deployment / "custody").glob("*.request")) - first.answered:
                first.answer(path)
            for name, command in (("first", first), ("second", second)):
                if name not in results and command.process.poll() is not None:
                    results[name] = (command.process.returncode, command.process.stderr.read())
            time.sleep(0.1)
        assert sorted(code for code, _ in results.values()) == [0, 5], results
        assert any("by somebody else meanwhile" in said for _, said in results.values()), results
        done = [path for path in (out, deployment.folder / "second.sealed") if path.exists()]
        assert len(done) == 1, done
        deployment.open_and_verify(done[0], deployment.folder / "waiting.asice")
        deployment.run("import", "--format", "jsonl", logs[2])
        deployment.run("ledger", "verify")


if __name__ == "__main__":
    main()
