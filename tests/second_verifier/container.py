"""The container of docs/formats/evidence.md: the one ZIP layout, and the manifest that covers every file."""
import base64
import hashlib
import struct
import xml.etree.ElementTree as xml
import zlib

FILES = ["mimetype", "META-INF/ASiCManifest.xml", "META-INF/signature.p7s", "disclosure.json", "disclosure.csv", "scope.json",
         "proofs.json", "ledger/checkpoint.txt", "ledger/checkpoint.tst", "report.pdf"]
MANIFEST, SIGNATURE = FILES[1:3]
ASIC = "{http://uri.etsi.org/02918/v1.2.1#}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
DATE, UNIX, MODE = 0x21, 0x033F, 0o100666 << 16


class Broken(Exception):
    """What cannot be read at all, with its place."""


def write(members):
    """Every octet of the container, as the page lays it out."""
    files, directory = b"", b""
    for name, content in members:
        common = struct.pack("<HHHHHIIIHH", 10, 0, 0, 0, DATE, zlib.crc32(content), len(content), len(content), len(name), 0)
        directory += (struct.pack("<IH", 0x02014B50, UNIX) + common
                      + struct.pack("<HHHII", 0, 0, 0, MODE, len(files)) + name)
        files += struct.pack("<I", 0x04034B50) + common + name + content
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(directory), len(files), 0)
    return files + directory + end


def read(data):
    """The members in file order. Whatever is not byte for byte as `write` would make it is refused."""
    members, at = [], 0
    while data[at:at + 4] == b"PK\3\4":
        if len(data) < at + 30 or len(members) == 1000:
            raise Broken(f"container: damaged at byte {at}")
        size, name_size = struct.unpack("<I4xH", data[at + 18:at + 28])
        begin = at + 30 + name_size
        members.append((data[at + 30:begin], data[begin:begin + size]))
        at = begin + size
    if not members or write(members) != data:
        raise Broken("container: not as written")
    try:
        names = [name.decode() for name, _ in members]
    except UnicodeDecodeError as error:
        raise Broken("container: a name is not UTF-8") from error
    if len(set(names)) != len(names):
        raise Broken("container: a member stands twice")
    return dict(zip(names, (content for _, content in members)))


def check_files(files):
    """Failures of the list of members."""
    failures = [f"{name}: missing" for name in FILES if name not in files]
    failures += [f"{name}: no file of the format" for name in files if name not in FILES]
    if not failures and list(files) != FILES:
        failures.append("container: members stand in another order")
    if files.get("mimetype", b"") != b"application/vnd.etsi.asic-e+zip":
        failures.append("mimetype: is not that of ASiC-E")
    return failures


def check_manifest(files):
    """Failures of the manifest against the files."""
    text = files.get(MANIFEST, b"")
    if len(text) > 1 << 20 or b"<!DOCTYPE" in text:
        return [f"{MANIFEST}: too large, or has a DOCTYPE"]
    try:
        root = xml.fromstring(text)
    except (xml.ParseError, ValueError, LookupError):
        return [f"{MANIFEST}: not well-formed"]
    signature = root.find(ASIC + "SigReference")
    if root.tag != ASIC + "ASiCManifest" or signature is None or signature.get("URI") != SIGNATURE:
        return [f"{MANIFEST}: is no manifest of {SIGNATURE}"]
    failures, covered = [], set()
    for reference in root.findall(ASIC + "DataObjectReference"):
        name = reference.get("URI", "")
        method, value = reference.find(DSIG + "DigestMethod"), reference.find(DSIG + "DigestValue")
        if name in covered or method is None or value is None or method.get("Algorithm") != SHA256:
            failures.append(f"{MANIFEST}: {name}: no single SHA-256")
            continue
        covered.add(name)
        if name not in files:
            failures.append(f"{MANIFEST}: refers to {name}, which is missing")
        elif base64.b64encode(hashlib.sha256(files[name]).digest()).decode() != (value.text or "").strip():
            failures.append(f"{name}: is not the file that was signed")
    needed = {name for name in files if name != "mimetype" and not name.startswith("META-INF/")}
    return failures + [f"{name}: is covered by no manifest" for name in sorted(needed - covered)]
