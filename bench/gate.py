"""The language gate on a page of 2,000 words: seconds, after its words are compiled.

The page is the labelled pages of tests/gate one after another, until there are 2,000 words.

    python -m bench.gate
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "tests" / "gate"
WORDS, GOAL_SECONDS, ROUNDS = 2_000, 1.0, 5


def main() -> None:
    from peelian.publication.gate import pass_through_gate

    text = _text()
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        report = pass_through_gate(text)
        rounds.append(time.perf_counter() - began)
    print(
        f"Gate: {len(text.split()):,} words, {len(report.findings)} findings: "
        f"first {rounds[0]:.3f} s, quickest of {ROUNDS} {min(rounds):.3f} s"
    )
    print(f"goal {GOAL_SECONDS} s: {'met' if rounds[0] <= GOAL_SECONDS else 'MISSED'}", flush=True)


def _text() -> str:
    texts: list[str] = []
    for path in sorted(PAGES.glob("*/*.toml")):
        text = tomllib.loads(path.read_text(encoding="utf-8"))["text"]
        if "<p>" not in text:  # one page with markup would make markup of all
            texts.append(text)
    lines, words = [], 0
    for line in "\n".join(texts).splitlines():
        lines.append(line)
        words += len(line.split())
        if words >= WORDS:
            break
    return "\n".join(lines)


if __name__ == "__main__":
    main()
