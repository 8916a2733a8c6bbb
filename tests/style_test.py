#!/usr/bin/env python3
"""Rules that a compiler does not check: TRY stands alone, no thrown exceptions, every format page names real code."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# TRY and TRY_IN are the whole right-hand side of a declaration or assignment, or a whole statement.
TRY_USE = re.compile(r"\bTRY(?:_IN)?\(")
FORBIDDEN = {
    r"\bthrow\b(?!\w)": "we do not throw: return an Error",
    r"\bassert\(": "assert vanishes in release: use CHECK",
    r"\bstd::(rand|srand)\b": "randomness is passed in",
}


def stripped(text):
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def violations(path):
    text = stripped(path.read_text())
    for match in TRY_USE.finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        if text[line_start:match.start()].lstrip().startswith("#"):
            continue
        before = text[:match.start()]
        statement = before[max(before.rfind(";"), before.rfind("{"), before.rfind("}")) + 1:]
        depth = statement.count("(") - statement.count(")")
        if depth > 0 and not re.search(r"\b(if|for|while)\b", statement):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{line}: TRY inside a larger expression leaks what was already built: give it its own line"
    for pattern, why in FORBIDDEN.items():
        for match in re.finditer(pattern, text):
            yield f"{text.count(chr(10), 0, match.start()) + 1}: {why}"


def main():
    paths = sorted(p for p in (ROOT / "src").rglob("*") if p.suffix in {".h", ".cc"} and p.name != "result.h")
    found = [f"{p.relative_to(ROOT)}:{v}" for p in paths for v in violations(p)]
    print("\n".join(found) if found else f"style: {len(paths)} files")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
