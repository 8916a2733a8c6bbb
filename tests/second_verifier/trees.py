"""The trees: RFC 9162 inclusion, the 32-wide tree of a block, the ledger's checkpoint and entries (ledger.md, window.md)."""
import base64
import hashlib
import re

from canonical import dump, instant, parse
from openssl import check_ed25519

WIDTH = 32


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def check_inclusion(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    at, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("path too long")
        if at & 1 or at == last:
            node = sha(b"\1", step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha(b"\1", node, step)
        at, last = at >> 1, last >> 1
    if last or node != root:
        raise ValueError("does not lead to the root")


def check_wide(leaf, index, count, path, root):
    """Level by level, the group's other children; the last group of a level may be smaller."""
    if not 0 <= index < count:
        raise ValueError("index outside the block")
    size, node = count, leaf
    for level in path:
        if size == 1:
            raise ValueError("path too long")
        group = min(WIDTH, size - index // WIDTH * WIDTH)
        others = [level[at:at + 32] for at in range(0, len(level), 32)]
        if len(others) != group - 1:
            raise ValueError("group of another size")
        others.insert(index % WIDTH, node)
        node = sha(b"\2", *others)
        index, size = index // WIDTH, -(-size // WIDTH)
    if size != 1 or sha(b"probatio/wide/1", count.to_bytes(4, "big"), node) != root:
        raise ValueError("does not lead to the faces root")


def digest(text, size=32):
    if not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", text):
        raise ValueError(f"not {2 * size} lower-case hexadecimal digits")
    return bytes.fromhex(text)


def open_checkpoint(note, verifier_key):
    """(size, root) of a C2SP signed note under a verifier key."""
    name, key_id, key = verifier_key.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    if len(raw) != 33 or raw[0] != 1 or sha(name.encode(), b"\n", raw)[:4].hex() != key_id:
        raise ValueError("no verifier key")
    if len(note) > 65536:
        raise ValueError("too large")
    body, _, signatures = note.rpartition("\n\n")
    lines = body.split("\n")
    if len(lines) < 3 or lines[0] != name or not re.fullmatch("0|[1-9][0-9]*", lines[1]) or not signatures.endswith("\n"):
        raise ValueError("no checkpoint of this ledger")
    signed = False
    for line in signatures[:-1].split("\n"):
        mark, signer, value = line.split(" ")
        blob = base64.b64decode(value, validate=True)
        if mark != "—":
            raise ValueError("no signature line")
        if signer == name and blob[:4].hex() == key_id:
            check_ed25519(raw[1:], (body + "\n").encode(), blob[4:])
            signed = True
    if not signed:
        raise ValueError("not signed by the ledger key")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != 32 or base64.b64encode(root).decode() != lines[2]:
        raise ValueError("no root")
    return int(lines[1]), root


def open_entry(proof, size, root):
    """The entry that a proof shows under the checkpoint."""
    entry = parse(proof["entry"])
    if sorted(entry) != ["at", "fields", "type"] or not all(isinstance(value, str) for value in entry["fields"].values()):
        raise ValueError("no ledger entry")
    instant(entry["at"])
    if dump(entry) != proof["entry"] or re.search(r"\\[^\"\\nt]", proof["entry"].replace("\\\\", "")):
        raise ValueError("entry not in canonical form")
    check_inclusion(sha(b"\0", proof["entry"].encode()), proof["index"], size, [digest(step) for step in proof["path"]], root)
    return entry
