"""Tables: results as data frames and as the tables that a notebook shows.

Question   How does a result look to a script, and to a reader of a notebook?
Enters     A Ratio, a RatioTable or a Check.
Leaves     Plain numbers in base units for scripts; escaped HTML in both languages for eyes.
Elsewhere  The printed report: report. The console: terminal.
"""

from __future__ import annotations

from html import escape
from math import nan
from typing import TYPE_CHECKING

from greenspace.model.words import Text
from greenspace.present.display import UNDEFINED, half_units, show, show_range
from greenspace.present.rows import banner, overall_sentence, review_sentence, sections
from greenspace.present.uncertainty import error_facts, show_interval
from greenspace.present.words import CLASS_WORDS, WORDS, both, clean, indicator_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from greenspace.model.assessment import Assessment
    from greenspace.model.check import Check
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.verdict import Verdict
    from greenspace.model.words import Language

# What pandas shows of a table that is too wide is its first and last columns.
COLUMNS = (
    "indicator",
    "standard",
    "name_zh",
    "name_en",
    "unit",
    "operator",
    "reason",
    "reason_zh",
    "place",
    "gate",
    "mandatory",
    "basis",
    "readings",
    "other_levels",
    "source",
    "value",
    "threshold",
    "margin",
    "mark",
    "verdict",
)
ROWS_SHOWN = 60
LANGUAGES: tuple[Language, ...] = ("zh", "en")
STYLE = (
    "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0",
    "border:1px solid #c8d0c8;padding:.25em .6em;text-align:left",
    "border:1px solid #c8d0c8;padding:.25em .6em;text-align:right",
)
TINTS = {"pass": "#e3f2e1", "fail": "#fbe3df", "not_assessable": "#f1f1ee"}


def verdict_frame(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row a criterion, numbers plain and in base units.

    ``value``, ``threshold`` and ``margin`` are NaN where there is none; ``mark``, ``reason``,
    ``reason_zh``, ``place`` and ``source`` are empty. ``readings`` and ``other_levels`` are
    tuples.
    """
    import pandas as pd

    frame = pd.DataFrame([_cells(item) for item in verdicts], columns=list(COLUMNS))
    numbers = ["value", "threshold", "margin"]
    frame[numbers] = frame[numbers].astype(float)
    return frame


def ratio_html(ratio: Ratio) -> str:
    """Return one number with both of its halves as an HTML table, in both languages."""
    above, below = half_units(ratio)
    rows = [
        (WORDS["indicator"], both(indicator_name(ratio.indicator))),
        (WORDS["value"], _value_or_reason(ratio)),
        (WORDS["numerator"], _plain(ratio.numerator, above)),
        (WORDS["denominator"], _plain(ratio.denominator, below)),
    ]
    if ratio.unseen:
        rows.append((WORDS["unseen"], show(ratio.unseen, "m2", "en")))
        rows.append((WORDS["bounds"], show_range(*ratio.bounds, ratio.unit, "en")))
    pairs = zip(error_facts(ratio, "zh"), error_facts(ratio, "en"), strict=True)
    rows += [(WORDS[key], _once(zh, en)) for (key, zh), (_, en) in pairs]
    if ratio.crs is not None:
        rows.append((WORDS["crs"], clean(ratio.crs.name)))
    if ratio.sources:
        rows.append((WORDS["sources"], "; ".join(clean(s.name) for s in ratio.sources)))
    rows += [(WORDS["findings"], both(item.text)) for item in ratio.findings]
    return html_table((), [(both(label), text) for label, text in rows], figures=())


def ratio_table_html(table: RatioTable) -> str:
    """Return a number for each zone as an HTML table, in both languages; long ones are cut."""
    frame = table.to_frame()
    labels = frame["name"] if "name" in frame.columns else frame.index
    imagery = "unseen" in frame.columns
    head = [WORDS["zone"], WORDS["numerator"], WORDS["denominator"], WORDS["value"]]
    if imagery:
        head.append(WORDS["unseen"])
    sure = any(table.ratio(position).interval for position in range(len(table)))
    if sure:
        head += [WORDS["estimate"], WORDS["interval"]]
    body = []
    for position, label in enumerate(list(labels)[:ROWS_SHOWN]):
        ratio = table.ratio(position)
        above, below = half_units(ratio)
        cells = [
            clean(label),
            _plain(ratio.numerator, above),
            _plain(ratio.denominator, below),
            show(ratio.value, ratio.unit, "en"),
        ]
        if imagery:
            cells.append(show(ratio.unseen, "m2", "en"))
        body.append(cells + _error_cells(ratio) if sure else cells)
    more = len(frame) - len(body)
    if more > 0:
        body.append([f"… +{more}", *[""] * (len(head) - 1)])
    title = f"<b>{escape(both(indicator_name(table.indicator)))}</b>"
    shown = html_table([both(text) for text in head], body, figures=range(1, len(head)))
    reasons = dict.fromkeys(item for item in table.intervals if isinstance(item, Text))
    notes = [f"<p>{escape(clean(both(reason)))}</p>" for reason in reasons]
    return title + shown + "".join(notes)


def _error_cells(ratio: Ratio) -> list[str]:
    span = ratio.interval
    if span is None:
        return [UNDEFINED, UNDEFINED]
    return [show(span.estimate, ratio.unit, "en"), show_interval(span, ratio.unit, "en")]


def assessment_html(found: Assessment) -> str:
    """Return what reference points say of a map as HTML tables, in both languages."""
    matrix = found.matrix
    head = [both(WORDS["matrix"]), *(both(CLASS_WORDS[str(name)]) for name in matrix.columns)]
    body = [
        [both(CLASS_WORDS[str(name)]), *(f"{count:,}" for count in row)]
        for name, row in zip(matrix.index, matrix.to_numpy().tolist(), strict=True)
    ]
    notes = "".join(f"<p>{escape(clean(both(item.text)))}</p>" for item in found.findings)
    counts = html_table(head, body, figures=range(1, len(head)))
    return ratio_html(found.whole) + counts + ratio_table_html(found.table) + notes


def check_html(check: Check) -> str:
    """Return the verdict table of a check as HTML, in both languages."""
    parts = [f"<b>{escape(clean(check.city.name))} · {escape(check.standard)}</b>"]
    warning = [banner(check, language) for language in LANGUAGES]
    if any(warning):
        text = "<br>".join(escape(line) for line in warning)
        parts.append(f'<div style="background:#fff3cd;padding:.4em .6em">{text}</div>')
    keys = ("indicator", "value", "threshold", "margin", "verdict", "mark")
    head = [both(WORDS[key]) for key in keys]
    for chinese, english in zip(sections(check, "zh"), sections(check, "en"), strict=True):
        body = []
        tints = []
        for row, twin in zip(chinese.rows, english.rows, strict=True):
            name = [f"{row.name} {twin.name}" if row.name != twin.name else row.name]
            body.append(
                [
                    "\n".join([*name, *_pairs(row.remarks, twin.remarks)]),
                    twin.value,
                    twin.threshold,
                    twin.margin,
                    f"{row.verdict_word} {twin.verdict_word}",
                    f"{row.mark_word} {twin.mark_word}",
                ]
            )
            tints.append(TINTS[row.verdict])
        parts.append(f"<div><b>{escape(chinese.title)} · {escape(english.title)}</b></div>")
        parts.append(html_table(head, body, figures=range(1, 4), tints=tints))
        if chinese.kind == "gate":
            parts += [
                f"<div>{escape(review_sentence(check, language))}</div>"
                for language in LANGUAGES
                if check.overall.review_ends
            ]
    spoken = " · ".join(overall_sentence(check, language) for language in LANGUAGES)
    parts.append(f"<p><b>{escape(spoken)}</b></p>")
    if check.findings:
        parts.append(f"<p>{escape(both(WORDS['findings']))}: {len(check.findings)}</p>")
    return "".join(parts)


def _cells(item: Verdict) -> dict[str, object]:
    cited = item.source
    return {
        "standard": item.standard,
        "indicator": item.indicator,
        "name_zh": item.name.zh,
        "name_en": item.name.en,
        "value": _number(item.value),
        "unit": item.unit,
        "operator": item.operator,
        "threshold": _number(item.threshold),
        "margin": _number(item.margin),
        "verdict": item.verdict,
        "mark": item.mark or "",
        "reason": item.reason.en if item.reason else "",
        "reason_zh": item.reason.zh if item.reason else "",
        "place": (item.ratio.place or "") if item.ratio else "",
        "gate": item.gate,
        "mandatory": item.mandatory,
        "basis": item.basis,
        "readings": item.readings,
        "other_levels": item.other_levels,
        "source": " ".join(p for p in (cited.document, cited.clause, cited.address) if p)
        if cited
        else "",
    }


def _number(value: float | None) -> float:
    return nan if value is None else float(value)


def _plain(value: float, unit: str) -> str:
    return show(value, unit, "en") if unit else f"{value:,.2f}"


def _value_or_reason(ratio: Ratio) -> str:
    if ratio.reason is None:
        return show(ratio.value, ratio.unit, "en")
    return f"{UNDEFINED} {both(ratio.reason)}"


def _pairs(chinese: Sequence[str], english: Sequence[str]) -> list[str]:
    return [_once(left, right) for left, right in zip(chinese, english, strict=True)]


def _once(chinese: str, english: str) -> str:
    return chinese if chinese == english else f"{chinese} {english}"


def html_table(
    head: Sequence[str],
    body: Iterable[Sequence[str]],
    *,
    figures: Iterable[int],
    tints: Sequence[str] = (),
) -> str:
    """Return an HTML table; `figures` are the columns of numbers, `tints` the rows' colours."""
    right = set(figures)

    def line(tag: str, cells: Sequence[str], tint: str = "") -> str:
        inner = "".join(
            f'<{tag} style="{STYLE[2 if place in right else 1]}">'
            f"{escape(str(cell)).replace(chr(10), '<br>')}</{tag}>"
            for place, cell in enumerate(cells)
        )
        return f'<tr style="background:{tint or "none"}">{inner}</tr>'

    top = f"<thead>{line('th', head)}</thead>" if head else ""
    rows = "".join(
        line("td", cells, tints[place] if place < len(tints) else "")
        for place, cells in enumerate(body)
    )
    return f'<table style="{STYLE[0]}">{top}<tbody>{rows}</tbody></table>'
