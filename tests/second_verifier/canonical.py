"""Canonical JSON, instants, and the canonical bytes of faces (docs/formats/record.md). The table of fields is read from that
page itself: what the page does not say, this verifier cannot know."""
import datetime
import ipaddress
import json
import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/formats/record.md"
KINDS = ["nat_event", "access_session", "activity", "account", "identity", "sharing_rule"]
CLASSES = dict(zip(KINDS, ["network", "network", "activity", "account", "identity", "network"]))
EVENT = ["what", "who", "rest"]
FACES = dict(zip(KINDS, [EVENT, EVENT, EVENT,
                         ["rest", "head", "identifier_used", "pseudonyms", "payment", "password_verification"],
                         ["rest", "head", "surname", "first_name", "birth", "company_name", "postal_address", "emails", "phones"],
                         EVENT]))
FACE_NUMBERS = {"what": 1, "who": 2, "rest": 3, "head": 4, "identifier_used": 16, "pseudonyms": 17, "payment": 18,
                "password_verification": 19, "surname": 32, "first_name": 33, "birth": 34, "company_name": 35,
                "postal_address": 36, "emails": 37, "phones": 38}
NAT = ["create", "delete", "addresses_exhausted", "nat44_session_create", "nat44_session_delete", "nat64_session_create",
       "nat64_session_delete", "nat44_bib_create", "nat44_bib_delete", "nat64_bib_create", "nat64_bib_delete", "ports_exhausted",
       "quota_exceeded", "address_binding_create", "address_binding_delete", "port_block_allocate", "port_block_release"]
EVENTS = {"nat_event": {name: number for number, name in enumerate(NAT, 1)},
          "access_session": {"session_start": 1, "session_stop": 2, "session_interim": 3, "nas_on": 7, "nas_off": 8},
          "activity": {"account_created": 1, "login": 2, "message_sent": 3},
          "sharing_rule": {"rule_deterministic_nat": 1, "rule_map_e": 2, "rule_map_t": 3, "rule_4rd": 4, "rule_port_sets": 5}}
SOURCES = {"event": 1, "message": 2, "export": 3, "receipt": 4}
ALGORITHMS = ["sequential", "staggered", "round_robin", "interlaced", "cryptographic", "vendor"]
PROTOCOLS = {"icmp": 1, "igmp": 2, "ipv4": 4, "tcp": 6, "udp": 17, "dccp": 33, "ipv6": 41, "gre": 47, "esp": 50, "ah": 51,
             "ipv6-icmp": 58, "ipcomp": 108, "l2tp": 115, "sctp": 132, "udplite": 136}


def dump(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse(value):
    raise ValueError(f"not a whole number: {value}")


def _once(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def parse(text):
    """JSON written in its one way; ValueError otherwise."""
    if isinstance(text, bytes):
        text = text.decode()
    value = json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    if dump(value) != text:
        raise ValueError("not in canonical form")
    return value


def keys(value, *names):
    if not isinstance(value, dict) or sorted(value) != sorted(names):
        raise ValueError(f"not exactly the keys {', '.join(names)}")
    return value


def instant(text):
    """Nanoseconds since 1970; only UTC, with 0, 3, 6 or 9 digits, as few as needed."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3}|\d{6}|\d{9}))?Z", text)
    if not found or (found[2] or "1").endswith("000"):
        raise ValueError("no canonical instant")
    whole = datetime.datetime.strptime(found[1] + "+0000", "%Y-%m-%dT%H:%M:%S%z")
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return int((whole - epoch).total_seconds()) * 10**9 + int((found[2] or "").ljust(9, "0"))


def _fields():
    fields = []
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 9 and cells[0].isdigit():
            fields.append((int(cells[0]), cells[1], cells[2].split(",")[0].split(":")[0].strip(),
                           dict(zip(KINDS, cells[3:]))))
    assert [number for number, *_ in fields] == list(range(1, 75)), "the page's table of fields was not understood"
    return fields


FIELDS = _fields()


def _encoded(kind, key, value_kind, value):
    if value_kind == "instant":
        return instant(value).to_bytes(8, "big", signed=True)
    if value_kind == "offset":
        return value.to_bytes(8, "big", signed=True)
    if value_kind == "bound":
        return value.to_bytes((value.bit_length() + 7) // 8, "big")
    if value_kind == "address":
        return ipaddress.ip_address(value).packed
    if value_kind == "prefix":
        network = ipaddress.ip_network(value)
        return bytes([network.prefixlen]) + network.network_address.packed
    if value_kind == "text":
        return value.encode()
    if value_kind == "list":
        return b"".join(len(entry.encode()).to_bytes(2, "big") + entry.encode() for entry in value)
    if key == "at_source":
        value = SOURCES[value]
    elif key == "event":
        value = EVENTS[kind][value]
    elif key == "algorithm":
        value = ALGORITHMS.index(value)
    elif key == "proto":
        value = PROTOCOLS[value] if value in PROTOCOLS else int(value)
    return value.to_bytes(int(value_kind[1:]) // 8, "big")


def face_bytes(kind, face, record):
    out = bytes([KINDS.index(kind) + 1, FACE_NUMBERS[face]])
    for number, key, value_kind, face_of in FIELDS:
        if face_of[kind] != face:
            continue
        value = record.get(key, 0 if key == "at_error_ns" else None)
        if value is None:
            continue
        octets = _encoded(kind, key, value_kind, value)
        size = bytes([len(octets)]) if len(octets) < 255 else b"\xff" + len(octets).to_bytes(2, "big")
        out += bytes([number]) + size + octets
    return out


def check_record(kind, faces, record):
    """Only the fields of these faces, and the class of the kind."""
    allowed = {key for _, key, _, face_of in FIELDS if face_of[kind] in faces}
    if record.get("class") != CLASSES[kind] or not set(record) <= allowed | {"class"}:
        raise ValueError("record: not the fields of the revealed faces")


def csv(rows):
    """disclosure.csv, made again from disclosure.json."""
    def cell(text):
        if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and text:
            text = "'" + text
        return '"' + text.replace('"', '""') + '"' if set(text) & set('",\r\n') else text

    names = [key for _, key, *_ in FIELDS]
    lines = ["row,grade,segment,class," + ",".join(names)]
    for row in rows:
        values = [row["id"], row["grade"], row["segment"]] + [row["record"].get(key, "") for key in ["class", *names]]
        lines.append(",".join(cell("; ".join(value) if isinstance(value, list) else str(value)) for value in values))
    return "".join(line + "\r\n" for line in lines).encode()
