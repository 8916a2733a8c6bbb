#!/usr/bin/env python3
"""The log formats of examples/source-port, written by the real servers where they are installed: a client comes
from a port that the test chose, directly and through PROXY protocol; the log is linted, read by its mapping, and
must say that port, that address and the instant.

usage: source_port_test.py PROBATIO
A server that is not there is named and skipped. Servers and their libraries may lie in a folder of their own:
PROBATIO_SERVERS=DIR with usr/sbin and usr/lib in it."""
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVERS = pathlib.Path(os.environ.get("PROBATIO_SERVERS", "/"))
CLIENT = ("203.0.113.7", 51234)
LIBRARIES = SERVERS / "usr/lib/x86_64-linux-gnu"


class Application(http.server.BaseHTTPRequestHandler):
    """Declares an event for /login and /send, and nothing for any other path."""

    def do_GET(self):
        self.send_response(204)
        if self.path in ("/login", "/send"):
            self.send_header("X-Audit-Event", "login" if self.path == "/login" else "message_sent")
            self.send_header("X-Audit-Account", 'u-"48213"')
        if self.path == "/send":
            self.send_header("X-Audit-Message", "m-771")
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path, proxied=None):
    """One request; returns the port it came from and the head of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        own = client.getsockname()[1]
        if proxied:
            client.sendall(f"PROXY TCP4 {proxied[0]} 192.0.2.1 {proxied[1]} 443\r\n".encode())
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n".encode())
        head = b""
        while chunk := client.recv(4096):
            head += chunk
    return own, head.decode(errors="replace")


def binary(name):
    for folder in (SERVERS / "usr/sbin", "/usr/sbin", "/usr/bin"):
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    return shutil.which(name)


def configured(name, folder, plain, proxy, application, log):
    """The example as it stands, with the ports and the place of the log of this run."""
    text = (ROOT / "examples/source-port" / name).read_text()
    text = re.sub(r"\b8080\b", str(plain), text)
    text = re.sub(r"\b8081\b", str(proxy), text)
    text = re.sub(r"\b9000\b", str(application), text)
    text = re.sub(r"/var/log/\w+/audit\.log", str(log), text)
    path = folder / name
    path.write_text(text)
    return path


def nginx(program, folder, site, _):
    main = folder / "main.conf"
    temp = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in
                   ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main.write_text(f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
                    f"events {{}}\nhttp {{ access_log off;\n{temp}include {site};\n}}\n")
    return [program, "-p", str(folder), "-c", str(main)]


def apache2(program, folder, site, _):
    modules = SERVERS / "usr/lib/apache2/modules"
    names = ["mpm_event", "authz_core", "headers", "proxy", "proxy_http", "remoteip"]
    loads = "".join(f"LoadModule {name}_module {modules}/mod_{name}.so\n" for name in names)
    main = folder / "main.conf"
    main.write_text(f"ServerRoot {folder}\nServerName example.org\nPidFile {folder}/pid\n{loads}"
                    f"ErrorLog {folder}/error.log\nInclude {site}\n")
    return [program, "-d", str(folder), "-f", str(main), "-DFOREGROUND"]


def haproxy(program, _, site, log):
    return ["/bin/sh", "-c", f"exec '{program}' -f '{site}' > '{log}' 2> '{log}.err'"]


SERVED = [("nginx", "nginx.conf", nginx, "nginx.toml"),
          ("apache2", "apache.conf", apache2, "apache.toml"),
          ("haproxy", "haproxy.cfg", haproxy, "haproxy.toml")]


def wait_for(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


def check(program, probatio, example, start, mapping, application):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        plain, proxy, log = free_port(), free_port(), folder / "audit.log"
        site = configured(example, folder, plain, proxy, application, log)
        environment = dict(os.environ, LD_LIBRARY_PATH=str(LIBRARIES)) if SERVERS != pathlib.Path("/") else None
        process = subprocess.Popen(start(program, folder, site, log), env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(plain, process)
            began = time.time()
            own, head = ask(plain, "/login")
            _, answer = ask(proxy, "/send", CLIENT)
            ask(proxy, "/login", ("198.51.100.9", 40001))
            ask(plain, "/other")
            ended = time.time()
            time.sleep(0.5)
        finally:
            process.terminate()
            process.wait(10)
        assert "204" in head and "204" in answer, head
        assert "x-audit" not in (head + answer).lower(), "the client saw what the application declared"
        lines = [line for line in log.read_text().splitlines() if line.startswith("{")]
        assert len(lines) == 3, lines
        read(probatio, mapping, log, [("127.0.0.1", own), CLIENT, ("198.51.100.9", 40001)], began, ended)


def read(probatio, mapping, log, clients, began, ended):
    mapped = ROOT / "examples/mappings" / mapping
    decoded = subprocess.run([probatio, "decode", "--format", "jsonl", "--mapping", mapped, log],
                             capture_output=True, text=True)
    assert decoded.returncode == 0, decoded.stderr
    records = [json.loads(line) for line in decoded.stdout.splitlines()]
    assert [(r["source_ip"], r["source_port"]) for r in records] == clients, decoded.stdout
    assert [r["event"] for r in records] == ["login", "message_sent", "login"], decoded.stdout
    assert [r.get("message") for r in records] == [None, "m-771", None], decoded.stdout
    assert all(r["account"] == 'u-"48213"' for r in records), decoded.stdout
    for record in records:
        at = time.mktime(time.strptime(record["at"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
        assert began - 2 <= at <= ended + 2, record["at"]
        assert record["at_resolution_ns"] <= 1_000_000, record
    linted = subprocess.run([probatio, "--json", "lint-logs", "--mapping", mapped, log],
                            capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    guessed = subprocess.run([probatio, "--json", "lint-logs", log], capture_output=True, text=True)
    assert json.loads(guessed.stdout)["could_answer"], guessed.stdout


def written_by_hand(probatio):
    """Envoy and Caddy are not in Debian: lines as their documentation shows them."""
    for name, mapping in (("envoy.jsonl", "envoy.toml"), ("caddy.jsonl", "caddy.toml")):
        log = ROOT / "testdata/source-port" / name
        decoded = subprocess.run([probatio, "decode", "--format", "jsonl", "--mapping",
                                  ROOT / "examples/mappings" / mapping, log], capture_output=True, text=True)
        assert decoded.returncode == 0, decoded.stderr
        records = [json.loads(line) for line in decoded.stdout.splitlines()]
        assert [(r["source_ip"], r["source_port"], r["account"]) for r in records] == [
            ("203.0.113.7", 51234, "u-48213"), ("2001:db8::7", 40001, "u-2")], decoded.stdout
        print(f"{mapping}: read from lines written by hand")


def subscribers(probatio):
    """A register with line breaks in its cells, French dates and a broken row, by its mapping."""
    rows = ("\ufeffline;changed;surname;first_name;born;address;phones;email;contract_end;offer;monthly_price;to\r\n"
            'L-1;21/10/2024 10:14:03;Lefèvre;Élodie;1990-02-01;"1 rue des Exemples\n29200 ""Brest""";'
            '"+33199000001, +33639980001";elodie@example.org;;fibre;29,99;x\r\n'
            'L-2;21/10/2024;Martin;Jean;;;;;;adsl;19,99;x\r\n')
    mapping = ROOT / "examples/mappings/subscribers.toml"
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "register.csv"
        file.write_text(rows, newline="")
        command = [probatio, "decode", "--format", "csv", "--mapping", mapping]
        decoded = subprocess.run([*command, file], capture_output=True, text=True)
        dry = subprocess.run([*command, "--dry-run", "1", file], capture_output=True, text=True)
    assert decoded.returncode == 3 and "line 4: column changed" in decoded.stderr, decoded.stderr
    record = json.loads(decoded.stdout)
    assert record["at"] == "2024-10-21T08:14:03Z" and record["holder"] == "L-1", record
    assert record["postal_address"] == '1 rue des Exemples\n29200 "Brest"', record
    assert record["phones"] == ["+33199000001", "+33639980001"], record
    assert "content or recipients: to: 1" in decoded.stderr, decoded.stderr
    assert dry.returncode == 0, dry.stderr
    for said in ("surname = Lefèvre  (read as surname)", "offer = fibre  (dropped, as the mapping says)",
                 "to  (dropped, unseen: speaks of content or of a recipient)"):
        assert said in dry.stdout, dry.stdout
    print("subscribers.toml: a register is read by it, row by row")


def main():
    probatio = sys.argv[1]
    written_by_hand(probatio)
    subscribers(probatio)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, example, start, mapping in SERVED:
        program = binary(name)
        if program is None:
            print(f"{name}: skipped, it is not installed")
            continue
        check(program, probatio, example, start, mapping, server.server_port)
        print(f"{name}: its log says who came from where")
    server.shutdown()


if __name__ == "__main__":
    main()
