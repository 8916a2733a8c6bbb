#!/usr/bin/env python3
"""softflowd, a flow meter of Debian, exports to `probatio collect` over UDP: IPFIX and NetFlow 9, each flow counted once.

It knows no translation: its flows are read, counted and passed over, which is what such a meter should come to.
"""
import json
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenarios"))
from probatio import BIN, Deployment  # noqa: E402

FLOWS = 50
PATIENCE_S = 60
SKIPPED = 77  # ctest's word for it (CMakeLists.txt)
VERSIONS = {"ipfix": "10", "netflow9": "9"}

CONFIG = """
[collect]
status_seconds = 1
grace_seconds = 0

[[exporter]]
name = "meter.example"
from = ["127.0.0.1"]
zone = "UTC"
"""

LISTENER = """
[[listener]]
format = "{}"
transport = "udp"
address = "127.0.0.1:{}"
"""


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def traffic(path):
    """One packet of each flow, for the meter to look at: Ethernet, IPv4, UDP."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for number in range(FLOWS):
        udp = struct.pack("!HHHH", 40000 + number, 53, 12, 0) + b"what"
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0, bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2]))
        frame = bytes(12) + b"\x08\x00" + ip + udp
        out += struct.pack("<IIII", int(time.time()) - 60, number, len(frame), len(frame)) + frame
    path.write_bytes(out)
    return path


def counted(said, format_name):
    """What was counted last of the listener's one exporter."""
    lines = [json.loads(line) for line in said.read_text().splitlines() if line.startswith("{")]
    of_listener = [line["exporters"] for line in lines if line.get("listener", "").startswith(format_name + " ")]
    return of_listener[-1].get("meter.example", {}) if of_listener else {}


def wait_until(what, holds, process, said):
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert process.poll() is None and time.monotonic() < until, f"{what}: {said.read_text()}"
        time.sleep(0.1)


def measure(softflowd, folder, ports, process, said):
    capture = traffic(folder / "traffic.pcap")
    for format_name, version in VERSIONS.items():
        # No control socket: its usual place belongs to a meter that may run on this machine.
        done = subprocess.run([softflowd, "-r", capture, "-v", version, "-n", f"127.0.0.1:{ports[format_name]}", "-d",
                               "-p", folder / "pid", "-c", "none"], capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0 and f"Flows exported: {FLOWS} " in done.stdout, done.stdout + done.stderr
        wait_until(f"{FLOWS} records of {format_name}",
                   lambda: counted(said, format_name).get("data records", 0) >= FLOWS, process, said)


def main():
    softflowd = shutil.which("softflowd") or shutil.which("softflowd", path="/usr/sbin:/sbin")
    if not softflowd:
        print("softflowd: skipped, it is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        deployment = Deployment(folder)
        ports = {format_name: free_port() for format_name in VERSIONS}
        listeners = "".join(LISTENER.format(*listener) for listener in ports.items())
        (deployment.deployment / "collect.toml").write_text(CONFIG + listeners)
        said = folder / "said"
        with said.open("w") as errors:
            process = subprocess.Popen([BIN / "probatio", "--config", deployment.deployment, "--json", "collect"],
                                       stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            wait_until("listening", lambda: '"collecting"' in said.read_text(), process, said)
            measure(softflowd, folder, ports, process, said)
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 0, said.read_text()
        for format_name in VERSIONS:
            counts = counted(said, format_name)
            assert counts["data records"] == counts["flows without translation"] == FLOWS, counts
            # "lost" is not asked: softflowd 1.1 writes the sequence of IPFIX after its own records, not before (RFC 7011 section 3.1).
            assert "malformed messages" not in counts and "sets without template" not in counts, counts
        assert json.loads(out)["accepted"] == 0, out
        print(f"softflowd: {FLOWS} flows as IPFIX, {FLOWS} as NetFlow 9")
    return 0


if __name__ == "__main__":
    sys.exit(main())
