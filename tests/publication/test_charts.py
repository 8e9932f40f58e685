from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.publication.charts import chart_patterns, scale_top, series_chart
from peelian.publication.disclosed import DisclosedBreak, DisclosedCount
from publication.sample import ASB, ROBBERY, STOPS, VIOLENCE, measure_of

SVG = "{http://www.w3.org/2000/svg}"


def _measure(counts, **kwargs):
    return measure_of("m", "Recorded robbery", counts, finding="It fell.", change="", **kwargs)


def _drawn(counts, *, top: float | None = None, **kwargs) -> ET.Element:
    """The chart on its own, as XML, 270 px wide: a slot of 27 months is ten wide."""
    return ET.fromstring(series_chart(_measure(counts, **kwargs), top=top, width_px=270))


def _texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def _rectangles(svg: ET.Element, kind: str) -> list[tuple[float, float, float]]:
    """Left edge in slots, top and height in pixels, of a kind's rectangles."""
    marks = [child for child in svg.iter(f"{SVG}svg") if kind in child.get("class", "").split()]
    path = "".join(mark.find(f"{SVG}path").get("d") for mark in marks)
    found = re.findall(r"M([\d.]+) ([\d.]+)h[\d.]+v([\d.]+)h", path)
    return [(float(x) / 10, float(y), float(height)) for x, y, height in found]


def test_the_finding_is_the_title_and_the_text_alternative() -> None:
    svg = _drawn(ASB)

    title = svg.find(f"{SVG}title")
    assert title.text == "It fell."
    assert svg.get("aria-labelledby") == title.get("id")
    assert svg.get("role") == "img"


def test_bars_stand_on_zero_and_rise_in_proportion() -> None:
    svg = _drawn((5, 10, 20), top=20)

    heights = [height for _, _, height in _rectangles(svg, "bars")]
    feet = {top + height for _, top, height in _rectangles(svg, "bars")}
    assert heights == [42, 84, 168]
    assert len(feet) == 1


def test_a_missing_month_has_no_bar_and_is_hatched_from_top_to_bottom() -> None:
    svg = _drawn(ASB)

    (hatched,) = [r for r in svg.iter(f"{SVG}rect") if r.get("class") == "missing"]
    assert hatched.get("fill") == "url(#gap-m)"
    assert float(hatched.get("height")) == 168
    assert "no data" in _texts(svg)
    assert len(_rectangles(svg, "bars")) == 26


def test_a_measured_zero_is_written_and_is_not_hatched() -> None:
    svg = _drawn((0, 4, 7))

    assert "0" in _texts(svg)[-4:]
    assert not list(svg.iter(f"{SVG}rect"))


def test_a_count_held_back_is_a_band_as_high_as_it_can_be() -> None:
    svg = _drawn((8, "few", 8), top=8)

    (band,) = [r for r in svg.iter(f"{SVG}rect") if r.get("class") == "held-back"]
    assert float(band.get("height")) == 84  # "fewer than 5" is at most 4, half of 8
    assert "fewer than 5" in _texts(svg)


def test_a_count_held_back_without_a_limit_may_lie_anywhere() -> None:
    measure = _measure((8, 8))
    hidden = replace(measure.months[1], count=DisclosedCount(None, "suppressed", "not shown"))
    svg = ET.fromstring(
        series_chart(replace(measure, months=(measure.months[0], hidden)), width_px=270)
    )

    (band,) = [r for r in svg.iter(f"{SVG}rect") if r.get("class") == "held-back"]
    assert float(band.get("height")) == 168
    assert band.get("fill") == "url(#any-m)"  # dots: a hatched column would outshout the bars


def test_charts_of_one_page_share_their_patterns() -> None:
    charts = [series_chart(_measure((8, "few", None))) for _ in range(2)]

    assert all("<pattern" not in chart for chart in charts)
    used = set(re.findall(r"url\(#([^)]+)\)", "".join(charts)))
    assert used == {"gap", "held"}
    assert used < set(re.findall(r'id="([^"]+)"', chart_patterns()))


def test_the_year_before_is_marked_in_the_month_it_is_compared_with() -> None:
    counts = (*[1] * 12, 7)
    svg = _drawn(counts, top=8)

    assert [slot for slot, _, _ in _rectangles(svg, "before")] == [12]
    assert "a year before" in _texts(svg)


def test_the_months_compared_stand_out_and_bear_the_marks() -> None:
    svg = _drawn(VIOLENCE, sums=(200, 198))

    assert [slot for slot, _, _ in _rectangles(svg, "now")] == [s + 0.1 for s in range(21, 27)]
    assert [slot for slot, _, _ in _rectangles(svg, "before")] == list(range(21, 27))


def test_without_a_comparison_the_last_twelve_months_bear_the_marks() -> None:
    svg = _drawn(tuple(range(1, 37)))

    assert [slot for slot, _, _ in _rectangles(svg, "before")] == list(range(24, 36))
    assert len(_rectangles(svg, "now")) == 36


def test_a_month_without_data_bears_no_mark_of_the_year_before() -> None:
    svg = _drawn((*[6] * 12, None, 6))

    assert [slot for slot, _, _ in _rectangles(svg, "before")] == [13]


def test_held_back_months_bear_their_words_once() -> None:
    svg = _drawn(("few", 9, "few", "few", 9, "few"))

    assert _texts(svg).count("fewer than 5") == 1
    assert len([r for r in svg.iter(f"{SVG}rect") if r.get("class") == "held-back"]) == 3


def test_a_chart_without_a_year_before_does_not_speak_of_one() -> None:
    assert "a year before" not in _texts(_drawn((4, 5, 6)))


def test_a_break_is_a_labelled_line_before_its_first_month() -> None:
    svg = _drawn(ASB, breaks=(DisclosedBreak("2017-06", "A new system."),))

    (line,) = [x for x in svg.iter(f"{SVG}line") if x.get("class") == "break"]
    assert float(line.get("x1")) == 170  # January 2016 is the first of 27 slots of ten
    assert "recording changed" in _texts(svg)


def test_a_break_outside_the_months_is_not_drawn() -> None:
    svg = _drawn(ASB, breaks=(DisclosedBreak("2024-03", "A new system."),))

    assert not [x for x in svg.iter(f"{SVG}line") if x.get("class") == "break"]


def test_many_years_bear_short_names_that_do_not_touch() -> None:
    svg = _drawn((5,) * 89)

    years = [t for t in svg.iter(f"{SVG}text") if t.get("class") == "year"]
    assert [t.text for t in years] == [f"’{year}" for year in range(16, 24)]
    lefts = [float(t.get("x")) for t in years]
    assert min(b - a for a, b in pairwise(lefts)) > 24


def test_charts_to_be_compared_share_the_taller_scale() -> None:
    low, high = _measure(STOPS), _measure(ASB)

    assert scale_top([low, high]) == scale_top([high]) == 100
    assert "100" in _texts(_drawn(STOPS, top=scale_top([low, high])))


def test_no_month_at_all_draws_an_empty_frame() -> None:
    svg = _drawn(())

    assert not _rectangles(svg, "bars")


def test_in_the_page_positions_are_per_cent_and_nothing_is_styled_inline() -> None:
    svg = series_chart(_measure(ROBBERY))

    assert 'width="100%"' in svg
    assert "style" not in svg
    assert len(svg) < 5_000


@pytest.mark.parametrize("hostile", ["<script>", 'a"b', "&amp;"])
def test_words_are_escaped(hostile: str) -> None:
    measure = replace(_measure(ASB), finding=hostile)

    svg = ET.fromstring(series_chart(measure, width_px=270))
    assert svg.find(f"{SVG}title").text == hostile


@given(
    st.lists(st.one_of(st.none(), st.just("few"), st.integers(0, 30_000)), max_size=80),
    st.booleans(),
)
def test_every_shown_month_above_zero_has_a_bar_inside_the_plot(counts, alone: bool) -> None:
    text = series_chart(_measure(counts), width_px=500 if alone else None)
    svg = ET.fromstring(text if alone else text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))

    bars = _rectangles(svg, "bars")
    assert len(bars) == sum(isinstance(count, int) and count > 0 for count in counts)
    assert all(34 <= top <= 202 and height <= 168 for _, top, height in bars)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=5))
def test_the_top_of_the_scale_is_above_every_count_and_not_far(counts) -> None:
    top = scale_top([_measure(counts)])

    assert max(counts) <= top <= max(4, 2.5 * max(counts))
