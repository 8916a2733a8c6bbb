"""People are told: a 48-hour order of a Friday evening, with mail and web-hook servers of this test's own."""
import fcntl
import hashlib
import hmac
import http.server
import json
import socketserver
import ssl
import subprocess
import tempfile
import threading

from probatio import Deployment, message_line

SECRET = "11" * 32


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as one client needs. `refuse` makes it turn mail away for now; `starttls` (RFC 3207) offers TLS."""

    def handle(self):
        self.say("220 test")
        envelope = {}
        while line := self.rfile.readline().decode():
            word = line[:4].upper()
            if word in ("EHLO", "HELO"):
                self.say("250-test\r\n250 STARTTLS" if self.offers_tls() else "250 test")
            elif word == "STAR" and self.offers_tls():
                self.say("220 go on")
                self.request = self.server.starttls.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
            elif word == "MAIL":
                envelope = {"from": line.strip()}
                self.say("451 later" if self.server.refuse else "250 ok")
            elif word == "RCPT":
                envelope["to"] = line.strip()
                self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                envelope["text"] = ""
                while (part := self.rfile.readline().decode()) != ".\r\n":
                    envelope["text"] += part
                envelope["secure"] = isinstance(self.request, ssl.SSLSocket)
                self.server.mails.append(envelope)
                self.say("250 ok")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def offers_tls(self):
        return getattr(self.server, "starttls", None) and not isinstance(self.request, ssl.SSLSocket)

    def say(self, text):
        self.wfile.write((text + "\r\n").encode())


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.headers["Probatio-Signature"], self.headers["Content-Type"], body))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


class QuietServer(socketserver.ThreadingTCPServer):
    def handle_error(self, *_):
        pass  # a client that does not trust us


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def notify(deployment, *arguments, expect=0):
    said = deployment.run("--json", "notify", *arguments, expect=expect)
    return json.loads(said[: said.rindex("]") + 1])


def outcomes(list_):
    return {(one["order"], one["event"], one["repeat"], one["addressee"]): one["outcome"] for one in list_}


def main():
    smtp = serve(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp))
    smtp.mails, smtp.refuse = [], False
    hook = serve(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook))
    hook.posts, hook.answer = [], 204
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(folder, demo_clock="2024-11-08T16:05:00Z")
        clock = lambda at: deployment.run("clock", "set", at)
        (deployment.deployment / "hook.secret").write_text(SECRET + "\n")
        config = deployment.deployment / "probatio.toml"
        without = config.read_text()

        # Served on Friday at 17:00 in Paris: 48 hours end on Sunday, and Monday is a holiday.
        order = deployment.order_file("friday-1", [message_line("L1", "m-1", "2024-11-01")], date="2024-11-08",
                                      service={"at": "2024-11-08T17:00:00+01:00", "mode": "bailiff", "proof": "the act"})
        deployment.run("order", "add", order, "--by", "counsel-1")

        # Nobody is on call, and nothing is configured: it says so and fails.
        said = deployment.run("notify", expect=1)
        assert "nobody is on call" in said and "neither mail nor web hook" in said, said

        config.write_text(without + f"""
[notices]
mail_from = "probatio@example.org"
smtp_host = "127.0.0.1"
smtp_port = {smtp.server_address[1]}
smtp_security = "plain"
hook_url = "http://127.0.0.1:{hook.server_address[1]}/probatio"
hook_secret_file = "hook.secret"
""")
        deployment.run("people", "contact", "counsel-2", "--email", "suppleant@example.org")
        deployment.run("people", "contact", "counsel-1", "--email", "astreinte@example.org", "--on-call", "--substitute",
                       "counsel-2")

        # Reception. A dry run sends nothing; a second run sends nothing again.
        dry = notify(deployment, "--dry-run")
        assert outcomes(dry) == {("friday-1", "received", 0, "counsel-1"): "due", ("friday-1", "received", 0, "@hook"): "due"}
        assert not smtp.mails and not hook.posts
        sent = notify(deployment)
        assert set(outcomes(sent).values()) == {"sent"}, sent
        assert set(outcomes(notify(deployment)).values()) == {"sent before"}
        assert len(smtp.mails) == 1 and len(hook.posts) == 1
        mail = smtp.mails[0]
        assert "<astreinte@example.org>" in mail["to"] and "Subject: [probatio] friday-1 received\r\n" in mail["text"]
        assert "2024-11-10T16:00:00Z" in mail["text"]

        # Ids only: nobody's name, nothing of what is asked for.
        for text in (mail["text"], hook.posts[0][2].decode()):
            for secret in ("Maître", "m-1", "Telegram", "Free", "24/57625", "198.51.100", "source_ip"):
                assert secret not in text, (secret, text)

        # The hook's signature is over the instant and the exact body.
        signature, content_type, body = hook.posts[0]
        seconds, mac = (part.split("=")[1] for part in signature.split(","))
        assert mac == hmac.new(bytes.fromhex(SECRET), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
        post = json.loads(body)
        assert content_type == "application/json" and post["people"] == ["counsel-1"]
        assert (post["schema"], post["order"], post["event"], post["limit"]) == (
            "probatio-notice/1", "friday-1", "received", "2024-11-10T16:00:00Z")

        # On Saturday evening counsel-1 is away: the substitute hears that half has passed.
        deployment.run("people", "absent", "counsel-1", "--from", "2024-11-09T00:00:00+01:00", "--to", "2024-11-10T20:00:00+01:00")
        clock("2024-11-09T16:00:00Z")
        notify(deployment)
        assert "<suppleant@example.org>" in smtp.mails[-1]["to"] and " half\r\n" in smtp.mails[-1]["text"]

        # Sunday morning: four fifths. Mail and hook are down; it is shown, and tried again after the back-off.
        smtp.refuse, hook.answer = True, 302
        clock("2024-11-10T06:24:00Z")
        failed = notify(deployment, expect=1)
        assert set(outcomes(failed).values()) == {"failed"}, failed
        assert "example.org" not in json.dumps(failed)
        assert hook.posts[-1][2] and len(hook.posts) == 3  # a redirection is not followed
        smtp.refuse, hook.answer = False, 200
        waiting = notify(deployment, expect=1)
        assert set(outcomes(waiting).values()) == {"waits"}, waiting
        clock("2024-11-10T06:25:00Z")
        assert set(outcomes(notify(deployment)).values()) == {"sent"}
        assert " eighty\r\n" in smtp.mails[-1]["text"]

        # Overdue, while an import holds the deployment: everybody on call and the substitutes, and again after four hours.
        clock("2024-11-10T16:00:00Z")
        before = len(smtp.mails)
        with open(deployment.deployment / "lock") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            notify(deployment)
        assert len(smtp.mails) == before + 2
        clock("2024-11-10T19:59:59Z")
        assert set(outcomes(notify(deployment)).values()) == {"sent before"}
        clock("2024-11-10T20:00:00Z")
        again = notify(deployment)
        assert ("friday-1", "overdue", 1, "counsel-1") in outcomes(again) and len(smtp.mails) == before + 4
        ids = [line for mail in smtp.mails for line in mail["text"].splitlines() if line.startswith("Message-ID:")]
        assert len(ids) == len(set(ids)) == len(smtp.mails)

        # What was sent, and what it took, stands beside the order.
        shown = json.loads(deployment.run("--json", "order", "show", "friday-1"))
        assert any(one["notice"] == "friday-1/eighty/0" and one["attempts"] == 2 for one in shown["notices"]), shown["notices"]

        # A stay silences; so does a refusal.
        deployment.run("order", "stay", "friday-1", "--by", "counsel-1", "--reason", "CPC 514-3")
        clock("2024-11-11T00:00:00Z")
        assert notify(deployment) == []

        # Over TLS: an unknown certificate is refused, one of the named authorities is taken.
        deployment.run("order", "lift-stay", "friday-1", "--by", "counsel-1", "--reason", "ended")
        certificate, key = f"{folder}/tls.pem", f"{folder}/tls.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                        certificate], check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        secure_smtp = QuietServer(("127.0.0.1", 0), Smtp)
        secure_smtp.mails, secure_smtp.refuse = [], False
        secure_hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        secure_hook.posts, secure_hook.answer = [], 200
        for server in (secure_smtp, secure_hook):
            server.socket = tls.wrap_socket(server.socket, server_side=True)
            serve(server)
        secure = without + f"""
[notices]
mail_from = "probatio@example.org"
smtp_host = "127.0.0.1"
smtp_port = {secure_smtp.server_address[1]}
hook_url = "https://127.0.0.1:{secure_hook.server_address[1]}/probatio"
hook_secret_file = "hook.secret"
"""
        config.write_text(secure)
        assert set(outcomes(notify(deployment, expect=1)).values()) == {"failed"}
        assert not secure_smtp.mails and not secure_hook.posts
        config.write_text(secure + f'authorities_file = "{certificate}"\n')
        clock("2024-11-11T00:01:00Z")
        assert set(outcomes(notify(deployment)).values()) == {"sent"}
        assert len(secure_smtp.mails) == 2 and len(secure_hook.posts) == 1

        # STARTTLS: who does not offer it gets no mail, since nothing may go in the clear.
        later = serve(QuietServer(("127.0.0.1", 0), Smtp))
        later.mails, later.refuse, later.starttls = [], False, None
        config.write_text(without + f"""
[notices]
mail_from = "probatio@example.org"
smtp_host = "127.0.0.1"
smtp_port = {later.server_address[1]}
smtp_security = "starttls"
authorities_file = "{certificate}"
""")
        clock("2024-11-11T04:00:00Z")
        assert "failed" in outcomes(notify(deployment, expect=1)).values() and not later.mails
        later.starttls = tls
        clock("2024-11-11T04:01:00Z")
        assert "failed" not in outcomes(notify(deployment)).values()
        assert later.mails and all(mail["secure"] for mail in later.mails), later.mails

        # What the configuration may not say.
        for wrong, why in (('smtp_host = "mail.example.org"\nsmtp_security = "plain"\nmail_from = "a@example.org"', "TLS"),
                           ('hook_url = "http://hook.example.org"\nhook_secret_file = "hook.secret"', "https"),
                           ('hook_url = "https://hook.example.org"', "hook_secret_file"),
                           ('smtp_hosts = "x"', "smtp_hosts")):
            config.write_text(without + "\n[notices]\n" + wrong + "\n")
            assert why in deployment.run("notify", expect=3), wrong
    print("told: Friday evening to Sunday night")


if __name__ == "__main__":
    main()
