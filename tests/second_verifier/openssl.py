"""Signatures, time-stamps and chains by the openssl program, and as much DER as is needed to find them. What was asked once is
remembered: a test asks the same of thousands of packages."""
import datetime
import hashlib
import pathlib
import subprocess
import tempfile

FOLDER = tempfile.TemporaryDirectory()
ANSWERS = {}
SIGNED_DATA, STAMP = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010910020e")
KEY_USAGE, EXTENDED, SEAL = bytes.fromhex("551d0f"), bytes.fromhex("551d25"), bytes.fromhex("2b06010505070324")


def ask(arguments, **files):
    """openssl ARGUMENTS, where {name} stands for a file with these octets: (did it succeed, what it printed)."""
    question = (tuple(arguments), tuple(sorted((name, hashlib.sha256(data).digest()) for name, data in files.items())))
    if question not in ANSWERS:
        paths = {}
        for name, data in files.items():
            paths[name] = pathlib.Path(FOLDER.name) / name
            paths[name].write_bytes(data)
        done = subprocess.run(["openssl", *(word.format(**paths) for word in arguments)], capture_output=True)
        ANSWERS[question] = (done.returncode == 0, done.stdout)
    return ANSWERS[question]


def der(data):
    """The elements that stand one after the other: (tag, content, whole)."""
    elements, at = [], 0
    while at < len(data):
        size, head = data[at + 1], 2
        if size >= 0x80:
            head += size & 0x7F
            size = int.from_bytes(data[at + 2:at + head], "big")
        if at + head + size > len(data):
            raise ValueError("DER: truncated")
        elements.append((data[at], data[at + head:at + head + size], data[at:at + head + size]))
        at += head + size
    return elements


def signed_data(data):
    """The parts of a bare CMS SignedData: (enclosed content, its one signer's parts)."""
    (whole,) = der(data)
    kind, body = der(whole[1])
    if whole[0] != 0x30 or kind[1] != SIGNED_DATA:
        raise ValueError("no SignedData")
    parts = der(der(body[1])[0][1])
    content = der(parts[2][1])
    (signer,) = der(parts[-1][1])
    return (der(content[1][1])[0][1] if len(content) > 1 else None), der(signer[1])


def time_of(element):
    tag, text, _ = element
    digits = text.decode()
    whole, _, fraction = digits.rstrip("Z").partition(".")
    form = "%y%m%d%H%M%S" if tag == 0x17 else "%Y%m%d%H%M%S"
    at = datetime.datetime.strptime(whole, form).replace(tzinfo=datetime.timezone.utc)
    return int(at.timestamp()) * 10**9 + int((fraction or "0").ljust(9, "0")[:9])


def certificate(data):
    """Of a DER certificate: validity, names, key usage bits, extended uses."""
    parts = der(der(der(data)[0][1])[0][1])
    parts = parts[1:] if parts[0][0] == 0xA0 else parts
    begin, end = der(parts[3][1])
    usage, uses = 0, set()
    for extension in der(der(parts[-1][1])[0][1]) if parts[-1][0] == 0xA3 else []:
        fields = der(extension[1])
        value = der(fields[-1][1])[0][1]
        if fields[0][1] == KEY_USAGE:
            usage = value[1]
        if fields[0][1] == EXTENDED:
            uses = {use[1] for use in der(value)}
    common = [name(parts[place][1]) for place in (2, 4)]
    return {"from": time_of(begin), "to": time_of(end), "issuer": common[0], "subject": common[1], "usage": usage, "uses": uses}


def name(sequence):
    for relative in der(sequence):
        kind, value = der(der(relative[1])[0][1])
        if kind[1] == bytes.fromhex("550403"):
            return value[1].decode()
    return ""


def signs_for_people(made):
    """digitalSignature and nonRepudiation."""
    return made["usage"] & 0xC0 == 0xC0


def check_stamp(token, digest, anchors):
    """Instant of a bare RFC 3161 token over `digest`; ValueError says what is wrong."""
    content, _ = signed_data(token)
    info = der(der(content)[0][1])
    imprint = der(info[2][1])
    at = time_of(info[4])
    if imprint[1][1] != digest:
        raise ValueError("time-stamp of something else")
    if anchors:
        ok, _ = ask(["ts", "-verify", "-token_in", "-in", "{token}", "-digest", digest.hex(), "-CAfile", "{anchors}",
                     "-attime", str(at // 10**9)], token=token, anchors=anchors)
    else:
        ok, _ = ask(["cms", "-verify", "-inform", "DER", "-noverify", "-in", "{token}", "-out", "/dev/null"], token=token)
    if not ok:
        raise ValueError("time-stamp does not verify")
    return at


def check_cades(manifest, signature, anchors):
    """(instant, certificate) of a detached CAdES-B-T signature by a seal; ValueError says what is wrong."""
    content, signer = signed_data(signature)
    if content is not None or signer[-1][0] != 0xA1:
        raise ValueError("not detached, or without a time-stamp")
    stamps = [der(attribute[1])[1][1] for attribute in der(signer[-1][1]) if der(attribute[1])[0][1] == STAMP]
    if len(stamps) != 1 or len(der(stamps[0])) != 1:
        raise ValueError("not exactly one signature time-stamp")
    at = check_stamp(stamps[0], hashlib.sha256(signer[-2][1]).digest(), anchors)
    command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "{signature}", "-content", "{manifest}", "-out", "/dev/null"]
    trust = ["-cades", "-purpose", "any", "-CAfile", "{anchors}", "-attime", str(at // 10**9)] if anchors else ["-noverify"]
    ok, _ = ask(command + trust, signature=signature, manifest=manifest, anchors=anchors or b"")
    if not ok:
        raise ValueError("signature does not verify")
    shown = signer_of(signature, signer)
    made = certificate(shown)
    if not signs_for_people(made) or SEAL not in made["uses"] or not made["from"] <= at <= made["to"]:
        raise ValueError("is not by a provider's seal")
    return at, made


def signer_of(signature, signer):
    """The signer's certificate among those in the SignedData, by issuer and serial."""
    parts = der(der(der(der(signature)[0][1])[1][1])[0][1])
    issuer, serial = der(signer[1][1])
    for each in der(next(part[1] for part in parts if part[0] == 0xA0)):
        fields = [field for field in der(der(each[1])[0][1]) if field[0] != 0xA0]
        if fields[0][2] == serial[2] and fields[2][2] == issuer[2]:
            return each[2]
    raise ValueError("the signer's certificate is missing")


def check_signature(pem, message, signature):
    """ECDSA with SHA-256 by a certificate's key; the key, as PEM."""
    ok, key = ask(["x509", "-in", "{pem}", "-pubkey", "-noout"], pem=pem)
    if not ok or not ask(["dgst", "-sha256", "-verify", "{key}", "-signature", "{signature}", "{message}"],
                         key=key, signature=signature, message=message)[0]:
        raise ValueError("the signature is not over this scope")
    return key


def check_chain(pem, anchors, at):
    if not ask(["verify", "-CAfile", "{anchors}", "-attime", str(at // 10**9), "{pem}"], pem=pem, anchors=anchors)[0]:
        raise ValueError("leads to no trusted certificate")


def check_ed25519(raw_key, message, signature):
    key = bytes.fromhex("302a300506032b6570032100") + raw_key
    if not ask(["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "{key}", "-rawin", "-in", "{message}", "-sigfile",
                "{signature}"], key=key, message=message, signature=signature)[0]:
        raise ValueError("signature of the ledger key does not verify")
