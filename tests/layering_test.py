#!/usr/bin/env python3
"""Holds every #include of src/ to the layers of docs/architecture.md.

A folder may include what its row names, and itself. Pure folders call no clock, socket, file, thread or environment.
A heavy foreign library appears in one folder only.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

MAY_INCLUDE = {
    "base": "",
    "crypto": "base",
    "record": "base",
    "law": "base",
    "decode": "base record",
    "net": "base",
    "collect": "base record decode net",
    "seal": "base crypto record",
    "order": "base crypto record law",
    "ledger": "base crypto",
    "resolve": "base record seal order",
    "evidence": "base crypto record seal order ledger law resolve",
    "report": "base crypto order law resolve",
    "custody": "base crypto record seal order ledger evidence resolve",
    "keep": "base crypto record seal law order ledger resolve",
    "store": "base seal",
    "casebook": "base crypto order law ledger",
    "disclosure": "base record seal order law resolve evidence ledger",
    "cli": "base crypto record law net decode seal order ledger resolve evidence report custody keep store casebook disclosure collect",
    "main": "base crypto record law net decode seal order ledger resolve evidence report custody keep store casebook disclosure cli",
}

PURE = {"record", "decode", "seal", "law", "order", "resolve", "ledger"}
IMPURE = re.compile(
    r"\b(std::this_thread|std::thread|std::ifstream|std::ofstream|std::fstream|fopen|getenv|gettimeofday|clock_gettime"
    r"|system_clock::now|steady_clock::now|time\(nullptr\)|::socket|::open\(|std::filesystem|std::random_device)")

ONE_FOLDER = {
    r"<openssl/": {"crypto", "net"},
    r"<zlib\.h>": {"crypto"},
    r"<rocksdb/": {"store"},
    r"<soci/": {"casebook"},
    r"<zip\.h>": {"evidence"},
    r"<libxml/": {"evidence"},
    r"<pango/|<cairo": {"report"},
    r"<libgfshare": {"custody"},
    r"<curl/": {"net"},
    r"<toml\+\+": {"base"},
}
NEVER_IN_HEADERS = re.compile(r"<(nlohmann/|toml\+\+|fmt/|simdjson|openssl/|rocksdb/|soci/|libxml/|zip\.h|zlib\.h|pango|cairo|curl/)")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"][^>"]+[>"])', re.MULTILINE)


def violations(path):
    folder = path.relative_to(SRC).parts[0]
    test = path.name.endswith("_test.cc") or path.name.startswith("test_")
    if folder not in MAY_INCLUDE:
        yield f"{folder}/ is no room of this house: see docs/architecture.md"
        return
    allowed = set(MAY_INCLUDE[folder].split()) | {folder}
    text = path.read_text()
    for include in INCLUDE.findall(text):
        if include.startswith('"'):
            target = include[1:-1].split("/")[0]
            # A test may bring a real neighbour where the code knows only its interface.
            if target not in allowed and not test:
                yield f"{folder}/ may not include {target}/: see docs/architecture.md"
        for pattern, folders in ONE_FOLDER.items():
            if re.match(pattern, include) and folder not in folders and not test:
                yield f"{include} belongs to {', '.join(sorted(folders))}/ alone"
        if path.suffix == ".h" and not test and NEVER_IN_HEADERS.match(include):
            yield f"{include} stays out of headers"
    if folder in PURE and not test:
        code = re.sub(r"//[^\n]*", "", text)
        for found in IMPURE.findall(code):
            yield f"{folder}/ is pure and may not use {found}"


def main():
    paths = sorted(p for p in SRC.rglob("*") if p.suffix in {".h", ".cc"})
    found = [f"{p.relative_to(ROOT)}: {v}" for p in paths for v in violations(p)]
    print("\n".join(found) if found else f"layering: {len(paths)} files, every include allowed")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
