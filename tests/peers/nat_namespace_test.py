#!/usr/bin/env python3
"""A Linux NAT as the exporter: three network namespaces, nftables that masquerades, conntrack that tells, and a server that sees.

    client 100.64.0.2 -- 100.64.0.1 NAT 203.0.113.1 -- 203.0.113.2 server

What `probatio decode --format conntrack` says of a flow must be what the server saw as its peer, and the client as its own port.
Skipped, with a line, without the rights or the programs.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 20
SKIPPED = 77  # ctest's word for it (CMakeLists.txt)
SERVER = "203.0.113.2"
PORT = 4433
FLOWS = 10

RULES = """
table ip nat {
  chain post {
    type nat hook postrouting priority 100;
    oifname "public0" meta l4proto { tcp, udp } masquerade to :20000-29999
  }
}
"""

# Answers on TCP and UDP, and prints whom it saw: protocol, address, port, and the port that the client says is its own.
SEEN_BY_SERVER = """
import selectors, socket, sys
watched = selectors.DefaultSelector()
tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
for listening in (tcp, udp):
    listening.bind((sys.argv[1], int(sys.argv[2])))
    watched.register(listening, selectors.EVENT_READ)
tcp.listen()
print("ready", flush=True)
while True:
    for key, _ in watched.select():
        if key.fileobj is udp:
            said, peer = udp.recvfrom(100)
            udp.sendto(b"seen", peer)
        else:
            stream, peer = tcp.accept()
            said = stream.recv(100)
            stream.sendall(b"seen")
            stream.close()
        print("udp" if key.fileobj is udp else "tcp", *peer, said.decode(), flush=True)
"""

# Opens so many flows of each protocol, each from a port of its own that it tells the server.
CLIENT = """
import socket, sys
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    for _ in range(int(sys.argv[3])):
        with socket.socket(type=kind) as flow:
            flow.settimeout(10)
            flow.connect((sys.argv[1], int(sys.argv[2])))
            flow.send(str(flow.getsockname()[1]).encode())
            assert flow.recv(100) == b"seen"
"""


def program(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=PATIENCE_S, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


class Networks:
    """Three namespaces of this run's own, named after its process, taken away at the end."""

    def __init__(self):
        self.names = {role: f"probatio-{role}-{os.getpid()}" for role in ("client", "nat", "server")}
        self.ip = program("ip")

    def inside(self, role, *command):
        return [self.ip, "netns", "exec", self.names[role], *map(str, command)]

    def link(self, role, device, address, nat_device, nat_address):
        run(self.ip, "-n", self.names["nat"], "link", "add", "name", nat_device, "type", "veth", "peer", "name", device,
            "netns", self.names[role])
        for end, name, its_address in ((role, device, address), ("nat", nat_device, nat_address)):
            run(self.ip, "-n", self.names[end], "address", "add", f"{its_address}/24", "dev", name)
            run(self.ip, "-n", self.names[end], "link", "set", name, "up")

    def make(self):
        for name in self.names.values():
            run(self.ip, "netns", "add", name)
            run(self.ip, "-n", name, "link", "set", "lo", "up")
        self.link("client", "inside", "100.64.0.2", "inside0", "100.64.0.1")
        self.link("server", "public", SERVER, "public0", "203.0.113.1")
        run(self.ip, "-n", self.names["client"], "route", "add", "default", "via", "100.64.0.1")
        run(*self.inside("nat", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"))
        run(*self.inside("nat", program("nft"), "-f", "-"), input=RULES)

    def remove(self):
        for name in self.names.values():
            subprocess.run([self.ip, "netns", "delete", name], capture_output=True, timeout=PATIENCE_S, check=False)


def may_make_networks():
    """Tried, not guessed from the user's number: containers differ in what root may do."""
    ip, name = program("ip"), f"probatio-try-{os.getpid()}"
    if subprocess.run([ip, "netns", "add", name], capture_output=True, check=False).returncode != 0:
        return False
    try:
        return all(subprocess.run([ip, "netns", "exec", name, *command], capture_output=True, check=False).returncode == 0
                   for command in ([program("nft"), "list", "ruleset"], [program("conntrack"), "-L"],
                                   [ip, "link", "add", "name", "v0", "type", "veth", "peer", "name", "v1"]))
    finally:
        subprocess.run([ip, "netns", "delete", name], capture_output=True, check=False)


@contextlib.contextmanager
def running(command, **options):
    process = subprocess.Popen(command, text=True, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE_S)


def wait_until(what, holds):
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, f"no {what} within {PATIENCE_S} s"
        time.sleep(0.1)


def told_and_seen(networks, log):
    """What conntrack told, in a file, and the flows that the server saw: (protocol, address, port, the client's own port)."""
    conntrack = networks.inside("nat", program("conntrack"), "-E", "-o", "timestamp,extended,id", "-e", "NEW,DESTROY")
    with log.open("w") as written, running(networks.inside("server", sys.executable, "-c", SEEN_BY_SERVER, SERVER, PORT),
                                           stdout=subprocess.PIPE) as server, running(conntrack, stdout=written):
        assert server.stdout.readline() == "ready\n"
        # conntrack says nothing when it begins to listen: flows are opened until the first is told, and all count.
        flows = 0
        while not log.read_text():
            run(*networks.inside("client", sys.executable, "-c", CLIENT, SERVER, PORT, 1))
            flows += 2
            assert flows < 100, "conntrack tells nothing"
            time.sleep(0.2)
        before = flows
        run(*networks.inside("client", sys.executable, "-c", CLIENT, SERVER, PORT, FLOWS))
        flows += 2 * FLOWS
        seen = [server.stdout.readline().split() for _ in range(flows)][before:]
        wait_until("NEW of each flow", lambda: log.read_text().count("[NEW]") >= 2 * FLOWS)
        run(*networks.inside("nat", program("conntrack"), "-F"))
        wait_until("DESTROY of each flow", lambda: log.read_text().count("[DESTROY]") >= flows)
    return {(protocol, address, int(port), int(own)) for protocol, address, port, own in seen}


def check(probatio, log, seen, began):
    done = subprocess.run([probatio, "decode", "--format", "conntrack", "--exporter", "nat.example", log], capture_output=True,
                          text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    for event in ("nat44_session_create", "nat44_session_delete"):
        told = {(r["proto"], r["public_ip"], r["public_port"], r["inside_port"]) for r in records if r["event"] == event}
        assert seen <= told, f"{event}: the server saw {sorted(seen - told)}, which nobody told"
    assert {r["inside_ip"] for r in records} == {"100.64.0.2"}, records
    assert all(20000 <= r["public_port"] <= 29999 for r in records), records
    stamps = [r["at"] for r in records]
    assert all(began <= stamp[:19] <= time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) for stamp in stamps), stamps
    assert SERVER not in done.stdout, "to whom was spoken is nobody's business"


def main():
    probatio = sys.argv[1]
    missing = [name for name in ("ip", "nft", "conntrack") if not program(name)]
    if missing:
        print(f"NAT in a namespace: skipped, {', '.join(missing)} not installed")
        return SKIPPED
    if not may_make_networks():
        print("NAT in a namespace: skipped, no right to make network namespaces with nftables and conntrack")
        return SKIPPED
    began = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    networks = Networks()
    try:
        networks.make()
        with tempfile.TemporaryDirectory() as name:
            log = pathlib.Path(name) / "nat.log"
            seen = told_and_seen(networks, log)
            assert len(seen) == 2 * FLOWS, seen
            assert all(port != own for _, _, port, own in seen), "nothing was translated"
            check(probatio, log, seen, began)
            print(f"NAT in a namespace: {len(seen)} flows as the server saw them, created and deleted")
    finally:
        networks.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
