#!/usr/bin/env python3
"""Verifies an evidence package from docs/formats/evidence.md and the pages it links, with nothing of ours: the standard
library, and the openssl program for certificates, CMS and time-stamps.

Usage: second_verifier.py PACKAGE [--trust CA.pem] [--ledger-key KEY]: prints JSON; exit 0 valid, 1 not.
"""
import argparse
import base64
import hashlib
import json
import pathlib
import sys

import container
import granted
import openssl
from canonical import CLASSES, FACES, KINDS, check_record, csv, face_bytes, instant, keys, parse
from trees import check_inclusion, check_wide, digest, open_checkpoint, open_entry, sha

# What a damaged document can make the standard library raise.
WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, StopIteration, RecursionError)
CLOSING = {"segment_closed", "segment_closed_by_crash", "segment_resealed"}
STREAMS = {"nat_session": "network", "nat_block": "network", "access": "network", "activity": "activity", "account": "account",
           "identity": "identity", "password": "account"}
GAPS = {"outside_retention", "lost_records", "still_open", "no_window"}


class Verifier:
    def __init__(self, anchors=b"", ledger_key="", thorough=True):
        self.anchors, self.ledger_key, self.thorough = anchors, ledger_key, thorough
        self.failures, self.proved, self.declared = [], [], []

    def attempt(self, place, check, *arguments):
        """What `check` returns, or a failure at this place and None."""
        try:
            return check(*arguments)
        except WRONG as error:
            self.failures.append(f"{place}: {error}")
            return None

    def require(self, condition, failure):
        if not condition:
            self.failures.append(failure)

    def verify(self, data):
        try:
            self.files = container.read(data)
        except container.Broken as error:
            return [str(error)]
        self.failures += container.check_files(self.files)
        if not self.failures:
            self.failures += container.check_manifest(self.files)
            self.check_documents()
            # openssl is asked last: without `thorough` only where nothing else has failed.
            if self.thorough or not self.failures:
                self.check_signatures()
        return self.failures

    def check_documents(self):
        files = self.files
        self.disclosure = self.attempt("disclosure.json", self.read_disclosure, files["disclosure.json"])
        self.signed = self.attempt("scope.json", self.read_signed_scope, files["scope.json"])
        self.scope = self.signed and self.attempt("scope.json", self.read_scope, self.signed["scope"])
        self.proofs = self.attempt("proofs.json", self.read_proofs, files["proofs.json"])
        if self.disclosure:
            self.require(csv(self.disclosure["rows"]) == files["disclosure.csv"],
                         "disclosure.csv: is not the table of disclosure.json")
        if None in (self.disclosure, self.signed, self.scope, self.proofs):
            return
        self.check_ledger()
        self.attempt("scope.json", self.check_scope)
        self.check_rows()
        self.attempt("disclosure.json", self.check_granted)

    # The forms of the documents.
    def read_disclosure(self, text):
        it = keys(parse(text), "answers", "demonstration_clock", "left_out", "made_at", "order", "provider", "rows", "schema")
        if it["schema"] != "probatio-disclosure/1" or not isinstance(it["demonstration_clock"], bool):
            raise ValueError("not of the format")
        instant(it["made_at"])
        for answer in it["answers"]:
            keys(answer, "candidates", "certainty", "explanation", "gaps", "line", "offsets")
            keys(answer["offsets"], "unchanged_from_ns", "unchanged_to_ns")
            if answer["certainty"] not in ("unique", "ambiguous", "none", "outside_retention", "log_gap"):
                raise ValueError("certainty: no word of the format")
            for gap in answer["gaps"]:
                keys(gap, "from", "kind", "note", "to")
                if gap["kind"] not in GAPS or instant(gap["from"]) > instant(gap["to"]):
                    raise ValueError("gap: not of the format")
            for candidate in answer["candidates"]:
                keys(candidate, "name", "rules", "supports")
                for support in candidate["supports"]:
                    keys(support, "row", "why")
        for place, row in enumerate(it["rows"], 1):
            keys(row, "faces", "grade", "id", "record", "segment")
            if row["id"] != f"R{place}":
                raise ValueError(f"rows: {row['id']} is not the number of its place")
        first = list(dict.fromkeys(support["row"] for answer in it["answers"] for candidate in answer["candidates"]
                                   for support in candidate["supports"]))
        if first != [row["id"] for row in it["rows"]]:
            raise ValueError("rows: not in the order of first use")
        return it

    def read_signed_scope(self, text):
        it = keys(parse(text), "approvals", "schema", "scope")
        if it["schema"] != "probatio-scope-file/1":
            raise ValueError("not of the format")
        for approval in it["approvals"]:
            keys(approval, "at", "certificate", "person", "signature")
            octets = base64.b64decode(approval["signature"], validate=True)
            if base64.b64encode(octets).decode() != approval["signature"]:
                raise ValueError("signature: not Base64 in its one form")
            body = approval["certificate"].removeprefix("-----BEGIN CERTIFICATE-----\n").removesuffix("-----END CERTIFICATE-----\n")
            der = base64.b64decode(body)
            lines = base64.encodebytes(der).decode().replace("\n", "")
            lines = "".join(lines[at:at + 64] + "\n" for at in range(0, len(lines), 64))
            if approval["certificate"] != f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n":
                raise ValueError("certificate: not PEM in its one form")
            approval["der"] = der
        if len({approval["signature"] for approval in it["approvals"]}) != len(it["approvals"]):
            raise ValueError("one approval stands twice")
        return it

    def read_scope(self, text):
        it = keys(parse(text), "court", "kind", "left_out", "lines", "order", "order_digest", "provider", "recipients", "regime",
                  "register_number", "schema", "valid_until")
        digest(it["order_digest"])
        if it["schema"] != "probatio-scope/1" or not it["recipients"] or not it["lines"]:
            raise ValueError("not of the format")
        for line in it["lines"]:
            keys(line, "events", "id", "items", "period", "subject")
            if len(line["subject"]) != 1 or not line["items"]:
                raise ValueError("line: not of the format")
        return it

    def read_entry_proof(self, it):
        return keys(it, "checkpoint", "entry", "index", "path")

    def read_proofs(self, text):
        it = keys(parse(text), "executed", "ledger_key", "order_received", "rows", "schema", "segments")
        if it["schema"] != "probatio-proofs/1":
            raise ValueError("not of the format")
        for proof in [it["executed"], it["order_received"], *(keys(each, "closed", "segment")["closed"] for each in it["segments"])]:
            self.read_entry_proof(proof)
        names = [each["segment"] for each in it["segments"]]
        if names != sorted(set(names)) or [each["id"] for each in it["rows"]] != [f"R{n}" for n in range(1, len(it["rows"]) + 1)]:
            raise ValueError("rows or segments not in their order")
        for each in it["rows"]:
            row = keys(each, "id", "row")["row"]
            keys(row, "kind", "record", "revealed", "segment", "window", *(["proof"] if "proof" in row else []))
            keys(row["window"], "begin", "end", "stream")
            if row["revealed"] != [face for face in FACES[row["kind"]] if face in row["revealed"]]:
                raise ValueError(f"{each['id']}: revealed: not faces of the kind, in their order")
            check_record(row["kind"], row["revealed"], row["record"])
        return it

    # The ledger.
    def check_ledger(self):
        key, note = self.proofs["ledger_key"], self.files["ledger/checkpoint.txt"]
        self.require(self.ledger_key in ("", key), "proofs.json: ledger_key is not the one that is trusted")
        self.entries = {}
        opened = self.attempt("ledger/checkpoint.txt", lambda: open_checkpoint(note.decode(), key))
        if opened is None:
            return
        self.size, root = opened
        places = {"order_received": self.proofs["order_received"], "executed": self.proofs["executed"]}
        places |= {"segment " + each["segment"]: each["closed"] for each in self.proofs["segments"]}
        for place, proof in places.items():
            if proof["checkpoint"].encode() != note:
                self.failures.append(f"proofs.json: {place}: proved against another checkpoint")
            else:
                entry = self.attempt(f"proofs.json: {place}", open_entry, proof, self.size, root)
                if entry:
                    self.entries[place] = (entry, proof["index"])
        self.attempt("proofs.json", self.check_entries)

    def check_entries(self):
        received, executed = self.entries.get("order_received"), self.entries.get("executed")
        if received:
            self.require(received[0]["type"] == "order_received" and received[0]["fields"].get("order") == self.scope["order"],
                         "proofs.json: order_received: is the entry of something else")
        if executed and received:
            fields, text = executed[0]["fields"], self.signed["scope"].encode()
            self.require(executed[0]["type"] == "disclosure_executed" and fields.get("order") == self.scope["order"],
                         "proofs.json: executed: is the entry of something else")
            self.require(executed[1] > received[1], "proofs.json: executed: stands before the order's reception")
            self.require(fields.get("scope") == sha(text).hex(), "scope.json: is not the scope that the ledger entered")
            own = sha(b"probatio/disclosure/1", sha(text), self.files["disclosure.json"]).hex()
            self.require(fields.get("digest") == own, "disclosure.json: is not the disclosure that the ledger entered")
            self.require(fields.get("rows") == str(len(self.disclosure["rows"])), "disclosure.json: another number of rows")
        for place, (entry, _) in self.entries.items():
            if place.startswith("segment "):
                self.require(entry["type"] in CLOSING and entry["fields"].get("segment") == place[8:],
                             f"proofs.json: {place}: the entry does not close it")

    # The scope.
    def check_scope(self):
        scope, disclosure = self.scope, self.disclosure
        self.require(scope["kind"] == "disclose", "scope.json: allows no disclosure")
        self.require(scope["order"] == disclosure["order"], "scope.json: is the scope of another order")
        self.require(scope["provider"] == disclosure["provider"], "scope.json: names another provider")
        self.require(scope["left_out"] == disclosure["left_out"], "disclosure.json: left_out is not what the scope left out")
        self.require([line["id"] for line in scope["lines"]] == [answer["line"] for answer in disclosure["answers"]],
                     "disclosure.json: answers: not one for each line of the scope, in its order")
        if "executed" in self.entries:
            at = instant(self.entries["executed"][0]["at"])
            self.require(at < instant(scope["valid_until"]), "scope.json: had expired when it was executed")
            self.require(at == instant(disclosure["made_at"]), "disclosure.json: made_at is not when the ledger entered it")
            for approval in self.signed["approvals"]:
                self.require(instant(approval["at"]) <= at, "scope.json: was signed after it was executed")

    # The rows.
    def check_rows(self):
        proved = {each["id"]: each["row"] for each in self.proofs["rows"]}
        self.require(len(self.proofs["rows"]) == len(proved) == len(self.disclosure["rows"]),
                     "proofs.json: not one proof for each row of disclosure.json")
        used = set()
        for row in self.disclosure["rows"]:
            if row["id"] not in proved:
                self.failures.append(f"proofs.json: no proof of {row['id']}")
                continue
            used.add(row["segment"])
            closed = self.entries.get("segment " + row["segment"])
            if closed and closed[0]["type"] == "segment_resealed":
                used |= set(closed[0]["fields"].get("sources", "").split(","))
            self.attempt(row["id"], self.check_row, row, proved[row["id"]], closed)
        for each in self.proofs["segments"]:
            self.require(each["segment"] in used, f"proofs.json: segment {each['segment']} serves no row")

    def check_row(self, row, proved, closed):
        if (row["record"], row["faces"], row["segment"]) != (proved["record"], proved["revealed"], proved["segment"]):
            raise ValueError("disclosure.json and proofs.json show different rows")
        window = proved["window"]
        length = 900 if window["stream"] == "nat_session" else 86400
        begin = instant(window["begin"])
        stem = f"{window['stream']}-{window['begin'].replace('-', '').replace(':', '')}-"
        if (instant(window["end"]) != begin + length * 10**9 or begin % (length * 10**9) or not row["segment"].startswith(stem)
                or len(row["segment"]) != len(stem) + 8 or STREAMS[window["stream"]] != CLASSES[proved["kind"]]):
            raise ValueError("its segment is not of its window")
        if closed is None:
            raise ValueError("no entry of the ledger closes its segment")
        entry, index = closed
        crash = entry["type"] == "segment_closed_by_crash"
        if ("proof" in proved) == crash:
            raise ValueError("a proof and a segment closed by a crash, or neither")
        if not crash:
            self.check_proof(proved, proved["proof"], entry["fields"])
        if row["grade"] != self.grade(entry, index):
            raise ValueError(f"disclosure.json says {row['grade']}, the ledger says {self.grade(entry, index)}")

    def grade(self, entry, index):
        received = self.proofs["order_received"]["index"]
        if index < received:
            return "journal_before_order" if entry["type"] == "segment_closed_by_crash" else "committed_before_order"
        sources = entry["fields"].get("sources", "") if entry["type"] == "segment_resealed" else ""
        olds = [self.entries.get("segment " + source) for source in sources.split(",")]
        before = sources and all(old and old[1] < received for old in olds)
        return "journal_before_order" if before else "committed_after_order"

    def check_proof(self, row, proof, closed):
        keys(proof, "commitment_count", "faces", "leaf", "leaf_count", "leaf_index", "leaf_path", "row", "segment_root")
        leaf = keys(proof["leaf"], "faces_root", "last", "next", "position", "sealed_digest", "token")
        faces, kind = FACES[row["kind"]], row["kind"]
        if [opening["face"] for opening in proof["faces"]] != row["revealed"] or not row["revealed"]:
            raise ValueError("proofs.json: opens not exactly the revealed faces")
        if not 0 <= proof["row"] < 4096 or proof["commitment_count"] % len(faces):
            raise ValueError("proofs.json: row and commitment count do not fit the kind")
        for opening in proof["faces"]:
            keys(opening, "commitment", "face", "path", "salt")
            own = sha(b"\3", digest(opening["salt"], 16), face_bytes(kind, opening["face"], row["record"]))
            if own != digest(opening["commitment"]):
                raise ValueError(f"proofs.json: face {opening['face']}: commitment is not the face's")
            check_wide(own, proof["row"] * len(faces) + faces.index(opening["face"]), proof["commitment_count"],
                       [digest(level, len(level) // 2) for level in opening["path"]], digest(leaf["faces_root"]))
        octets = (digest(leaf["token"], 16) + leaf["position"].to_bytes(4, "big") + bytes([{False: 0, True: 1}[leaf["last"]]])
                  + digest(leaf["next"], 16) + digest(leaf["faces_root"]) + digest(leaf["sealed_digest"]))
        check_inclusion(sha(b"\0", octets), proof["leaf_index"], proof["leaf_count"],
                        [digest(step) for step in proof["leaf_path"]], digest(proof["segment_root"]))
        if (closed.get("root"), closed.get("leaf_count")) != (proof["segment_root"], str(proof["leaf_count"])):
            raise ValueError("the ledger holds another root or number of leaves for its segment")

    def check_granted(self):
        rows = {each["id"]: (each["row"]["kind"], each["row"]["record"]) for each in self.proofs["rows"]}
        lines, shown = {line["id"]: line for line in self.scope["lines"]}, {}
        for answer in self.disclosure["answers"]:
            if answer["line"] in lines:
                self.failures += granted.check_answer(answer, lines[answer["line"]], rows, shown)
        for row in self.disclosure["rows"]:
            for face in row["faces"]:
                self.require(face in shown.get(row["id"], set()), f"{row['id']}: face {face} is granted by no line that it serves")

    # What openssl is asked.
    def check_signatures(self):
        files = self.files
        sealed = self.attempt(container.SIGNATURE, openssl.check_cades, files[container.MANIFEST], files[container.SIGNATURE],
                              self.anchors)
        stamped = self.attempt("ledger/checkpoint.tst", openssl.check_stamp, files["ledger/checkpoint.tst"],
                               hashlib.sha256(files["ledger/checkpoint.txt"]).digest(), self.anchors)
        people, certificates, signing_keys = set(), set(), set()
        for place, approval in enumerate(self.signed["approvals"] if self.signed else []):
            key = self.attempt(f"scope.json: approvals[{place}]", self.check_approval, approval)
            people.add(approval["person"])
            certificates.add(approval["certificate"])
            signing_keys.add(key)
        self.require(min(len(people), len(certificates), len(signing_keys)) >= 2, "scope.json: two people with two keys are needed")
        if not self.failures:
            rows = [each for each in self.proofs["rows"] if "proof" in each["row"]]
            self.proved += [f"each disclosed face of {len(rows)} row(s)", f"sealed by {sealed[1]['subject']}",
                            f"checkpoint of {self.size} entries stamped at {stamped} ns"]
            self.proved += [f"{person} signed this scope" for person in sorted(people)]
            self.declared += [f"{each['id']}: from a journal" for each in self.proofs["rows"] if "proof" not in each["row"]]

    def check_approval(self, approval):
        made, at, pem = openssl.certificate(approval["der"]), instant(approval["at"]), approval["certificate"].encode()
        if not approval["person"] or not made["from"] <= at <= made["to"]:
            raise ValueError("the certificate was not valid at the instant of signing")
        message = f"probatio-approval/1\n{self.signed['scope']}\n{approval['person']}\n{approval['at']}".encode()
        key = openssl.check_signature(pem, message, base64.b64decode(approval["signature"]))
        if self.anchors and made["issuer"] != made["subject"]:
            openssl.check_chain(pem, self.anchors, at)
            if not openssl.signs_for_people(made):
                raise ValueError("is not a person's certificate")
        return key


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package")
    parser.add_argument("--trust", default="")
    parser.add_argument("--ledger-key", default="")
    arguments = parser.parse_args()
    anchors = pathlib.Path(arguments.trust).read_bytes() if arguments.trust else b""
    verifier = Verifier(anchors, arguments.ledger_key)
    failures = verifier.verify(pathlib.Path(arguments.package).read_bytes())
    print(json.dumps({"valid": not failures, "failures": failures, "proved": verifier.proved, "declared": verifier.declared},
                     ensure_ascii=False, indent=1))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
