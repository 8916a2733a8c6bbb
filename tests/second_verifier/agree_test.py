#!/usr/bin/env python3
"""Two verifiers, written apart, judge the same packages: good ones, and thousands of altered ones (mutants.cc). Both refuse every
altered one, and ours names what broke. The second asks openssl last, and for a sample of the mutants even where it has found a
failure before.

Usage: agree_test.py MUTANTS_PROGRAM [SEED [COUNT]]
"""
import collections
import json
import re
import subprocess
import sys

from second_verifier import Verifier

SEED, COUNT = 20241112, 5200
SAMPLE = 10  # every so many mutants is judged to the end


def main():
    seed, count = (int(word) for word in (sys.argv[2:] + [SEED, COUNT][len(sys.argv) - 2:]))
    made = subprocess.Popen([sys.argv[1], str(seed), str(count)], stdout=subprocess.PIPE)
    anchors = json.loads(made.stdout.readline())["anchors"].encode()
    judged, wrong = collections.Counter(), []
    while line := made.stdout.readline():
        head = json.loads(line)
        package, number = made.stdout.read(head["bytes"]), sum(judged.values())
        judged[head["name"]] += 1
        good = head["name"] == "good"
        theirs = Verifier(anchors, thorough=good or number % SAMPLE == 0).verify(package)
        ours = head["failures"]
        named = any(re.search(head["expect"], failure) for failure in ours) if not good else True
        if (not ours) != good or (not theirs) != good or not named:
            wrong.append(f"{number} {head['name']}: ours {ours[:3]}, the second {theirs[:3]}, expected {head['expect']}")
    assert made.wait() == 0, "the mutants' program failed"
    print(f"seed {seed}: {dict(judged)}; judged to the end: every {SAMPLE}th")
    assert sum(judged.values()) - judged["good"] == count and judged["good"] == 5
    assert not wrong, f"{len(wrong)} verdicts differ:\n" + "\n".join(wrong[:20])


if __name__ == "__main__":
    main()
