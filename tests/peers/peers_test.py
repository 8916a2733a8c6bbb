#!/usr/bin/env python3
"""Real programs send to our listeners: logger and rsyslogd over TCP and TLS, radclient to the accounting server.

A program that is not installed is skipped, with a line that says so.
"""
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SECRET = "s3cret-of-nobody"
LINE = "A VRF 0 INT 100.64.0.{} EXT 203.0.113.7:{}-{}"  # an NFWare translator's; two numbers tell lines apart
PATIENCE_S = 20


def nat_line(number):
    return LINE.format(number % 250, 1024 + 64 * number, 1024 + 64 * number + 63)


def program(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


class Collector:
    def __init__(self, binary, folder, *arguments):
        self.process = subprocess.Popen([binary, folder / "records.jsonl", *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def records(self, count):
        """The next durable records; the test's own time limit ends a wait for what never comes."""
        return [json.loads(self.process.stdout.readline()) for _ in range(count)]

    def stop(self):
        """All records that were not asked for, and what was counted."""
        out, counts = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, counts
        return [json.loads(line) for line in out.splitlines()], counts


@contextlib.contextmanager
def collector(binary, *arguments):
    with tempfile.TemporaryDirectory() as name:
        running = Collector(binary, pathlib.Path(name), *arguments)
        try:
            yield running
        finally:
            running.process.kill()


def check_lines(records, count):
    told = sorted((r["inside_ip"], r["public_ip"], r["port_first"], r["port_last"]) for r in records)
    said = sorted((f"100.64.0.{n % 250}", "203.0.113.7", 1024 + 64 * n, 1024 + 64 * n + 63) for n in range(count))
    assert told == said, records


def logger_over_tcp(binary, logger):
    for framing in ([], ["--octet-count"]):
        with collector(binary, "syslog") as running:
            for number in range(5):
                subprocess.run([logger, "--server", "127.0.0.1", "--port", str(running.port), "--tcp", "--rfc5424", *framing,
                                "--", nat_line(number)], check=True, timeout=PATIENCE_S)
            check_lines(running.records(5), 5)
            rest, counts = running.stop()
            assert rest == [] and "connections: 5" in counts, counts


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=PATIENCE_S)


def certificates(folder):
    """An authority, and two that it certified: the listener and the relay."""
    ca = folder / "ca"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Exemple CA", "-days", "30",
            "-keyout", f"{ca}.key", "-out", f"{ca}.pem")
    for name in ("collector.example", "relay.example"):
        own = folder / name
        (folder / "san").write_text(f"subjectAltName=DNS:{name}\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{own}.key", "-out", f"{own}.csr")
        openssl("x509", "-req", "-in", f"{own}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial",
                "-days", "30", "-extfile", folder / "san", "-out", f"{own}.pem")


RELAY = """
global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{folder}/ca.pem"
       defaultNetstreamDriverCertFile="{folder}/relay.example.pem" defaultNetstreamDriverKeyFile="{folder}/relay.example.key")
module(load="imudp")
input(type="imudp" address="127.0.0.1" port="{port_in}")
template(name="asItCame" type="string" string="%rawmsg%{end}")
action(type="omfwd" target="127.0.0.1" port="{port_out}" protocol="tcp" template="asItCame" {more})
"""
OVER_TCP = {"end": "\\n", "more": 'TCP_Framing="traditional"'}
OVER_TLS = {"end": "", "more": 'TCP_Framing="octet-counted" StreamDriver="ossl" StreamDriverMode="1" '
                               'StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="collector.example"'}


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def relay(rsyslogd, folder, port_out, how):
    port_in = free_udp_port()
    config = folder / "relay.conf"
    config.write_text(RELAY.format(folder=folder, port_in=port_in, port_out=port_out, **how))
    process = subprocess.Popen([rsyslogd, "-n", "-f", config, "-i", folder / "relay.pid"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield port_in
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=PATIENCE_S)
        print(said, end="")


def rsyslog_relays(binary, rsyslogd, folder, how, *tls):
    with collector(binary, "syslog", *tls) as running, relay(rsyslogd, folder, running.port, how) as port:
        lines = [f"<134>1 2024-10-21T08:14:03Z cgn1.example nfware - - - {nat_line(n)}" for n in range(200)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
            # Over UDP nobody says when the relay is there: the first line goes until it comes out.
            started = time.monotonic()
            while True:
                exporter.sendto(lines[0].encode(), ("127.0.0.1", port))
                time.sleep(0.2)
                if (running_file := pathlib.Path(running.process.args[1])).exists() and running_file.stat().st_size > 0:
                    break
                assert time.monotonic() - started < PATIENCE_S, "the relay sends nothing"
            for line in lines[1:]:
                exporter.sendto(line.encode(), ("127.0.0.1", port))
                time.sleep(0.001)
        unlike, seen = [], set()
        while len(unlike) < 200:
            for record in running.records(1):
                if record["port_first"] not in seen:
                    unlike.append(record)
                    seen.add(record["port_first"])
        check_lines(unlike, 200)
        assert unlike[0]["at"] == "2024-10-21T08:14:03Z" and unlike[0]["exporter"] == "cgn1.example", unlike[0]


def ask(radclient, port, what, attributes, secret=SECRET):
    """Did the server answer one packet?"""
    done = subprocess.run([radclient, "-x", "-r", "1", "-t", "2", f"127.0.0.1:{port}", what, secret], input=attributes,
                          capture_output=True, text=True, timeout=PATIENCE_S)
    return "Received Accounting-Response" in done.stdout, done.stdout + done.stderr


def radclient_reports(binary, radclient):
    with collector(binary, "radius", SECRET) as running:
        session = ('User-Name = "L-000123"\nAcct-Session-Id = "5F2A"\nNAS-Identifier = "bng1.example"\n'
                   'Framed-IP-Address = 100.64.0.7\nEvent-Timestamp = 1729498443\n')
        for status, event in (("Start", "session_start"), ("Interim-Update", "session_interim"), ("Stop", "session_stop")):
            answered, said = ask(radclient, running.port, "acct", session + f"Acct-Status-Type = {status}\n")
            assert answered, said
            # What was answered is already durable: it stands in the file before the program ends.
            record = running.records(1)[0]
            assert record["event"] == event and record["subscriber"] == "L-000123", record
            assert record["inside_ip"] == "100.64.0.7" and record["at"] == "2024-10-21T08:14:03Z", record
        answered, said = ask(radclient, running.port, "acct", session + "Acct-Status-Type = Accounting-On\n"
                             'Proxy-State = 0x7031\nMessage-Authenticator = 0x00\n')
        assert answered and "Proxy-State = 0x7031" in said.split("Received")[1], said
        assert running.records(1)[0]["event"] == "nas_on"
        answered, said = ask(radclient, running.port, "status", "Message-Authenticator = 0x00\n")
        assert answered, said
        answered, said = ask(radclient, running.port, "acct", session + "Acct-Status-Type = Start\n", secret="guessed")
        assert not answered, said
        rest, counts = running.stop()
        assert rest == [] and "answered: 5\nunauthentic: 1" in counts, counts


def main():
    binary = sys.argv[1]
    logger, rsyslogd, radclient = map(program, ("logger", "rsyslogd", "radclient"))
    if logger:
        logger_over_tcp(binary, logger)
        print("logger: lines over TCP, both framings")
    else:
        print("logger: skipped, it is not installed")
    if rsyslogd:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            certificates(folder)
            rsyslog_relays(binary, rsyslogd, folder, OVER_TCP)
            print("rsyslogd: relays over TCP")
            if list(pathlib.Path("/usr/lib").glob("*/rsyslog/lmnsd_ossl.so")):
                rsyslog_relays(binary, rsyslogd, folder, OVER_TLS, folder / "collector.example.pem",
                               folder / "collector.example.key", folder / "ca.pem")
                print("rsyslogd: relays over TLS, each side with its certificate")
            else:
                print("rsyslogd over TLS: skipped, rsyslog-openssl is not installed")
    else:
        print("rsyslogd: skipped, it is not installed")
    if radclient:
        radclient_reports(binary, radclient)
        print("radclient: reports, Status-Server and a wrong secret")
    else:
        print("radclient: skipped, it is not installed")


if __name__ == "__main__":
    main()
