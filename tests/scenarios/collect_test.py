#!/usr/bin/env python3
"""A collector at work: exporters over UDP and TCP and a watched folder, a reload, a graceful end, a kill, another command beside it."""
import contextlib
import json
import pathlib
import signal
import socket
import struct
import subprocess
import tempfile
import time

from probatio import BIN, Deployment

PATIENCE_S = 60
TEMPLATE = [(323, 8), (230, 1), (8, 4), (225, 4), (7, 2), (227, 2), (4, 1)]
CREATE, DELETE = 4, 5  # natEvent, RFC 8158
NFWARE = "<134>1 {} cgn-2 nat - - - A VRF 0 INT 100.64.1.{} EXT 203.0.113.9:{}-{}"

CONFIG = """
[collect]
status_seconds = 1
grace_seconds = 0

[[exporter]]
name = "cgn-1.example"
from = ["127.0.0.1"]
zone = "UTC"

[[listener]]
format = "ipfix"
transport = "udp"
address = "127.0.0.1:{udp}"

[[listener]]
format = "syslog-cgn"
transport = "tcp"
address = "127.0.0.1:{tcp}"

[[folder]]
name = "platform"
folder = "{folder}"
glob = "*.jsonl"
format = "jsonl"
"""


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ipfix(sequence, events, with_template=True):
    """One message (RFC 7011): a template where wanted, and an event for each (kind, inside port, public port)."""
    sets = b""
    if with_template:
        fields = b"".join(struct.pack("!HH", *field) for field in TEMPLATE)
        sets += struct.pack("!HHHH", 2, 8 + len(fields), 256, len(TEMPLATE)) + fields
    data = b"".join(struct.pack("!QB4s4sHHB", int(time.time() * 1000) - 2000, kind, socket.inet_aton("100.64.0.7"),
                                socket.inet_aton("203.0.113.7"), inside, public, 17) for kind, inside, public in events)
    sets += struct.pack("!HH", 256, 4 + len(data)) + data
    return struct.pack("!HHIII", 10, 16 + len(sets), int(time.time()), sequence, 1) + sets


def activity(number):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 5))
    return json.dumps({"class": "activity", "event": "message_sent", "account": f"acc-{number}", "message": f"m-{number}",
                       "source_ip": "198.51.100.7", "source_port": 40000 + number, "at": now}) + "\n"


class Collector:
    """The program as a service would run it. What it says is read from a file: a pipe that nobody empties would stop it."""

    def __init__(self, deployment, folder):
        self.said_to = (folder / f"said-{time.monotonic_ns()}").open("w+")
        self.process = subprocess.Popen([BIN / "probatio", "--config", deployment.deployment, "--json", "collect"],
                                        stdout=subprocess.PIPE, stderr=self.said_to, text=True)

    def said(self):
        return pathlib.Path(self.said_to.name).read_text()

    def wait_for(self, what, wanted):
        """Until `wanted` of the lines said so far."""
        until = time.monotonic() + PATIENCE_S
        while not wanted(lines := [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]):
            assert self.process.poll() is None and time.monotonic() < until, f"{what}: {self.said()}"
            time.sleep(0.1)
        return lines

    def listening(self, times=1):
        self.wait_for("listening", lambda lines: sum(line.get("says") == "collecting" for line in lines) >= times)

    def records(self, listener, count):
        """Until so many records of a listener are durable (counts are printed after each round)."""
        self.wait_for(f"{count} records of {listener}", lambda lines: any(
            line.get("listener", "").startswith(listener) and line["records"] >= count for line in lines))

    def stop(self, expect=0):
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == expect, self.said()
        return json.loads(out)


@contextlib.contextmanager
def collector(deployment, folder):
    running = Collector(deployment, folder)
    try:
        running.listening()
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def collects_from_everywhere(deployment, folder, udp, tcp, watched):
    with collector(deployment, folder) as running, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
        exporter.connect(("127.0.0.1", udp))
        exporter.send(ipfix(0, [(CREATE, 40000 + n, 2000 + n) for n in range(20)]))
        exporter.send(ipfix(25, [(DELETE, 40000 + n, 2000 + n) for n in range(10)]))  # five records were lost
        exporter.send(b"no message at all")
        with socket.create_connection(("127.0.0.1", tcp)) as stream:
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            for n in range(7):
                line = NFWARE.format(now, n, 1024 + 64 * n, 1087 + 64 * n).encode()
                stream.sendall(str(len(line)).encode() + b" " + line)
            running.records("syslog-cgn tcp", 7)
        (watched / "part").write_text("".join(activity(n) for n in range(5)) + "{broken\n")
        (watched / "part").rename(watched / "a.jsonl")
        running.records("ipfix udp", 30)
        running.records("platform", 5)

        # Other commands work beside it.
        assert any(window["state"] == "open" for window in json.loads(deployment.run("--json", "window", "list")))

        # A file that is wrong changes nothing, and is named with its line.
        file = deployment.deployment / "collect.toml"
        good = file.read_text()
        file.write_text(good.replace("grace_seconds = 0", "grace_secs = 0"))
        running.process.send_signal(signal.SIGHUP)
        running.wait_for("the refusal", lambda lines: any(
            "collect.toml:4: collect.grace_secs: unknown key; going on as before" in line.get("says", "") for line in lines))
        file.write_text(good + '\n[[exporter]]\nname = "cgn-3.example"\nfrom = ["192.0.2.3"]\n')
        running.process.send_signal(signal.SIGHUP)
        running.listening(times=2)
        # What the exporter told before the reload still counts: no template in this message.
        exporter.send(ipfix(35, [(DELETE, 40000 + n, 2000 + n) for n in range(10, 20)], with_template=False))
        running.records("ipfix udp", 10)
        counts = running.stop()
    assert counts["accepted"] == 40 + 7 + 5 and counts["lost"] == 5 and counts["failed"] == 0, counts
    assert (watched / "done/a.jsonl").exists()


def goes_on_when_a_reload_cannot_open_everything(deployment, folder, udp):
    file = deployment.deployment / "collect.toml"
    good = file.read_text()
    with collector(deployment, folder) as running, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter, \
            socket.create_server(("127.0.0.1", 0)) as taken:
        exporter.connect(("127.0.0.1", udp))
        exporter.send(ipfix(1000, [(CREATE, 30000, 3000)]))
        running.records("ipfix udp", 1)
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        file.write_text(good + f'\n[[listener]]\nformat = "syslog-cgn"\ntransport = "tcp"\naddress = "{place}"\n')
        running.process.send_signal(signal.SIGHUP)
        for n in range(100):  # while it tries
            exporter.send(ipfix(1001 + n, [(CREATE, 30001 + n, 3001 + n)], with_template=False))
            time.sleep(0.005)
        lines = running.wait_for("the refusal", lambda lines: any("going on as before" in line.get("says", "") for line in lines))
        assert any(place in line.get("says", "") for line in lines), lines
        assert sum(line.get("says") == "collecting" for line in lines) == 1, lines  # nothing was given up
        running.records("ipfix udp", 101)
        file.write_text(good)
        assert running.stop()["lost"] == 0


def goes_on_without_a_folder_that_is_not_there(deployment, folder, udp, watched):
    away = folder / "away"
    with collector(deployment, folder) as running, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
        watched.rename(away)
        running.wait_for("the break", lambda lines: any("platform: broke off" in line.get("says", "") for line in lines))
        exporter.connect(("127.0.0.1", udp))
        exporter.send(ipfix(2000, [(CREATE, 31000, 3000)]))
        running.records("ipfix udp", 1)
        (away / "b.jsonl").write_text(activity(9))
        away.rename(watched)
        running.records("platform", 1)
        running.stop(expect=6)  # it is said at the end, too
        assert any(line.get("listener") == "platform" and line["others"]["broke off"] >= 1
                   for line in map(json.loads, filter(lambda said: said.startswith("{"), running.said().splitlines())))


def survives_a_kill(deployment, folder, udp):
    with collector(deployment, folder) as running, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
        exporter.connect(("127.0.0.1", udp))
        exporter.send(ipfix(100, [(CREATE, 50000 + n, 5000 + n) for n in range(10)]))
        running.records("ipfix udp", 10)
        running.process.kill()
        running.process.wait()
    listed = json.loads(deployment.run("--json", "window", "list"))
    assert any(window["state"] == "closed_by_crash" for window in listed), listed


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        deployment = Deployment(folder)
        watched = folder / "watched"
        watched.mkdir()
        udp, tcp = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_STREAM)
        file = deployment.deployment / "collect.toml"
        deployment.run("collect", expect=4)  # there is no such file yet
        file.write_text(CONFIG.format(udp=udp, tcp=tcp, folder=watched))
        assert "2 listeners, 1 folders" in deployment.run("collect", "--check", "--file", file)
        collects_from_everywhere(deployment, folder, udp, tcp, watched)
        entries = [json.loads(line) for line in deployment.run("--json", "ledger", "show").splitlines()]
        collected = [entry["fields"] for entry in entries if entry["type"] == "collected"]
        assert [entry["lost"] for entry in collected] == ["5"], collected
        put_aside = json.loads(deployment.run("--json", "quarantine", "list"))
        assert sorted(item["format"] for item in put_aside) == ["ipfix", "jsonl"], put_aside
        goes_on_when_a_reload_cannot_open_everything(deployment, folder, udp)
        goes_on_without_a_folder_that_is_not_there(deployment, folder, udp, watched)
        survives_a_kill(deployment, folder, udp)


main()
