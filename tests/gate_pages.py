"""The labelled pages of tests/gate, and how the gate's findings are held against their labels."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from peelian.publication.gate import pass_through_gate
from peelian.publication.gate_finding import Finding, GateReport

FOLDER = Path(__file__).parent / "gate"


@dataclass(frozen=True)
class Label:
    kind: str
    words: str


@dataclass(frozen=True)
class LabelledPage:
    name: str
    text: str
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Measured:
    """Findings by kind. errors: one line each, "page: missed kind: words"."""

    right: Counter[str]
    false: Counter[str]
    missed: Counter[str]
    errors: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right.total() / (self.right.total() + self.false.total())

    @property
    def recall(self) -> float:
        return self.right.total() / (self.right.total() + self.missed.total())

    def lines(self) -> Iterator[str]:
        for kind in sorted(self.right | self.false | self.missed):
            yield (
                f"{kind:<28}{self.right[kind]:>4} right{self.false[kind]:>4} false"
                f"{self.missed[kind]:>4} missed"
            )
        yield f"precision {self.precision:.3f}, recall {self.recall:.3f}"


def pages_of(part: str) -> tuple[LabelledPage, ...]:
    """The pages of a part, by name."""
    return tuple(
        LabelledPage(
            path.stem, read["text"], tuple(Label(**label) for label in read.get("label", ()))
        )
        for path in sorted((FOLDER / part).glob("*.toml"))
        if (read := tomllib.loads(path.read_text(encoding="utf-8")))
    )


def measured(pages: Sequence[LabelledPage]) -> Measured:
    """Hold the gate's findings against the labels, each label to at most one finding."""
    right, false, missed = Counter[str](), Counter[str](), Counter[str]()
    errors: list[str] = []
    for page in pages:
        report = pass_through_gate(page.text)
        matched = _matched(report, page.labels)
        for number, label in enumerate(page.labels):
            if number in matched.values():
                right[label.kind] += 1
            else:
                missed[label.kind] += 1
                errors.append(f"{page.name}: missed {label.kind}: {label.words}")
        for number, finding in enumerate(report.findings):
            if number not in matched:
                false[finding.kind] += 1
                errors.append(f"{page.name}: false {finding.kind}: {finding.words}")
    return Measured(right, false, missed, tuple(errors))


def _matched(report: GateReport, labels: Sequence[Label]) -> dict[int, int]:
    """Findings to labels, as many as can be matched one to one (by augmenting paths)."""
    fits = [
        [n for n, finding in enumerate(report.findings) if _fits(finding, label, report.text)]
        for label in labels
    ]
    label_of: dict[int, int] = {}

    def place(label: int, tried: set[int]) -> bool:
        for finding in fits[label]:
            if finding not in tried:
                tried.add(finding)
                if finding not in label_of or place(label_of[finding], tried):
                    label_of[finding] = label
                    return True
        return False

    for label in range(len(labels)):
        place(label, set())
    return label_of


def _fits(finding: Finding, label: Label, text: str) -> bool:
    start = text.index(label.words)
    overlaps = finding.start < start + len(label.words) and start < finding.end
    return finding.kind == label.kind and overlaps
