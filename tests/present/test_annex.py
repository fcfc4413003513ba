"""The internal annex: marked as such, escaped, asking no network, and never in the report."""

from __future__ import annotations

import re

import pytest

from greenspace.model.rehearsal import Annex, Outcome, Passing, Reading, Topic
from greenspace.model.words import Text
from greenspace.present import write
from greenspace.present.annex import annex_html
from greenspace.present.report import report_html
from greenspace.present.sensitivity_chart import draw_outcomes

EVIL = '<script>alert(1)</script>"&'
NAME = Text("建成区绿化覆盖率", "green coverage")
TOPIC = Topic(
    id="t", title=Text("争议", "dispute"), question=Text("问", "why"), indicators=(), readings=()
)


def outcome(value=0.42, verdict="pass", *, default=False, text="in", changes=False):
    return Outcome(
        topic=TOPIC,
        reading=Reading(
            id=text, text=Text(text, text), default=default, mark="weak", address="[6]"
        ),
        standard="CN-2022",
        indicator="green_coverage",
        name=NAME,
        unit="1",
        operator=">=",
        value=value,
        thresholds=(0.40,),
        verdict=verdict,
        changes=changes,
    )


@pytest.fixture
def annex():
    passing = Passing(
        standard="CN-2022",
        indicator="green_coverage",
        name=NAME,
        unit="1",
        operator=">=",
        mapped=0.41,
        threshold=0.40,
        estimate=0.43,
        standard_error=0.01,
        probability=0.99865,
    )
    outcomes = (outcome(0.39, "fail", default=True), outcome(text=EVIL, changes=True))
    return Annex(passings=(passing,), outcomes=outcomes, unmeasured=((TOPIC, Text(EVIL, EVIL)),))


@pytest.mark.parametrize(("language", "word"), [("zh", "内部资料"), ("en", "Internal")])
def test_the_page_says_that_it_is_internal_and_what_decides(check, annex, language, word):
    page = annex_html(check, annex, language)
    assert word in page
    assert "99.9%" in page
    assert "position: fixed" in page  # so that it stands on every printed page
    assert page.count('class="changes"') == 1


def test_words_of_files_are_escaped_and_nothing_is_asked_of_a_network(check, annex):
    page = annex_html(check, annex, "en")
    assert EVIL not in page
    assert "&lt;script&gt;" in page
    assert re.search(r'(src|href)="(?!data:)', page) is None
    assert "default-src 'none'" in page


def test_the_annex_is_written_beside_the_report_and_only_where_asked(
    check, annex, tmp_path, monkeypatch
):
    monkeypatch.setattr(write, "draw_sheets", lambda *_: ())
    with_it = write.write_check(check, tmp_path / "a", annex=annex)
    without = write.write_check(check, tmp_path / "b")
    assert (with_it / "internal_annex.html").exists()
    assert not (without / "internal_annex.html").exists()
    for name in ("report.html", "check.json"):
        assert (with_it / name).read_bytes() == (without / name).read_bytes()
    assert "99.9%" not in report_html(check, "en")


def test_the_chart_marks_the_checks_own_reading_and_the_threshold(annex):
    page = draw_outcomes(annex.outcomes, "en")
    (panel,) = page.child_axes
    dots = [line for line in panel.lines if line.get_marker() in {"o", "X", "D"}]
    assert [line.get_xdata()[0] for line in dots] == [0.39, 0.42]
    assert [line.get_marker() for line in dots] == ["X", "o"]
    labels = [text.get_text() for text in panel.get_yticklabels()]
    assert labels[0] == "the reading of the check"


def test_an_annex_without_anything_to_say_says_so(check):
    page = annex_html(check, Annex(passings=(), outcomes=()), "en")
    assert "No reading changes a verdict" in page
    assert "No row rests on an image" in page
    assert "<img" not in page
