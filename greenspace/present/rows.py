"""Rows: the rows of a check in the order and the words in which people read them.

Question   What stands in each cell of the verdict table?
Enters     A Check and a language.
Leaves     Sections of rows of strings, every output draws from the same ones.
Elsewhere  Drawing them: terminal, tables, report, workbook. Numbers: display.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Literal

from greenspace.present.display import (
    UNDEFINED,
    holds,
    show,
    show_margin,
    show_threshold,
    shown_unit,
)
from greenspace.present.report_words import say
from greenspace.present.standards_words import dates_text
from greenspace.present.uncertainty import error_sentence
from greenspace.present.words import MARKS, VERDICTS, clean, indicator_name, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.model.check import Check
    from greenspace.model.quantity import Ratio
    from greenspace.model.verdict import Verdict
    from greenspace.model.words import Language

Kind = Literal["gate", "rows", "law"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One verdict as strings; ``verdict`` and ``mark`` keep the tokens beside the words."""

    source: Verdict
    name: str
    place: str
    notes: tuple[str, ...]
    levels: str
    value: str
    threshold: str
    margin: str
    verdict: str
    verdict_word: str
    mark: str
    mark_word: str
    citation: str

    @property
    def remarks(self) -> tuple[str, ...]:
        """Place, notes and other levels, whichever there are."""
        return tuple(text for text in (self.place, *self.notes, self.levels) if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows that belong together, with a title and a note."""

    kind: Kind
    title: str
    note: str
    rows: tuple[Row, ...]


def sections(check: Check, language: Language) -> tuple[Section, ...]:
    """Return the gate rows, the other rows, and those of each further standard.

    Sections without rows are left out.
    """
    own = [item for item in check.verdicts if _base(item.standard) == _base(check.standard)]
    found = [
        _section(check, "gate", word("gate", language), "", [v for v in own if v.gate], language),
        _section(
            check, "rows", word("rows", language), "", [v for v in own if not v.gate], language
        ),
    ]
    others = dict.fromkeys(v.standard for v in check.verdicts if v not in own)
    for standard in others:
        rows = [item for item in check.verdicts if item.standard == standard]
        sure = all(item.mark != "provisional" for item in rows)
        found.append(
            _section(
                check,
                "law",
                f"{word('law', language)} {profile_title(check, standard, language)}",
                word("law_note" if sure else "law_provisional", language),
                rows,
                language,
            )
        )
    return tuple(section for section in found if section.rows)


def profile_title(check: Check, standard: str, language: Language) -> str:
    """Return id and title of a standard, the id alone where its profile is not at hand."""
    for profile in check.profiles:
        if profile.id == _base(standard):
            return f"{standard} {profile.title.of(language)}"
    return standard


def since_text(check: Check, standard: str, language: Language) -> str:
    """Return since when a standard is in force and what replaced it, as far as it was read."""
    found = (dates_text(p, language) for p in check.profiles if p.id == _base(standard))
    return clean(next(found, ""))


def review_sentence(check: Check, language: Language) -> str:
    """Return that the review would end, where a gate item fails; else nothing."""
    if not check.overall.review_ends:
        return ""
    names = [
        indicator_name(key, check.indicators).of(language) for key in check.overall.review_ends
    ]
    joined = ("、" if language == "zh" else ", ").join(names)
    return word("review_ends", language).format(names=joined)


def overall_sentence(check: Check, language: Language) -> str:
    """Return the overall verdict in words, with its reservation."""
    stop = "：" if language == "zh" else ": "
    sentence = word("overall", language) + stop + VERDICTS[check.overall.verdict].of(language)
    if check.overall.provisional:
        sentence += word("overall_provisional", language)
    own = (item for item in check.verdicts if item.standard == check.standard)
    aside = sum(item.verdict == "fail" and not item.mandatory for item in own)
    if aside:
        sentence += word("overall_aside", language).format(count=aside)
    return sentence


def banner(check: Check, language: Language) -> str:
    """Return the warning about provisional numbers; nothing where there are none."""
    return banner_of(check.verdicts, language)


def banner_of(verdicts: Sequence[Verdict], language: Language) -> str:
    """Return the warning about the provisional numbers among these rows."""
    count = sum(item.mark == "provisional" for item in verdicts)
    return word("banner", language).format(count=count) if count else ""


def shown_value(check: Check, indicator: str, language: Language) -> str:
    """Return a judged number as the verdict table writes it, for pictures to carry.

    Where several rows judge the same number, the first one with a threshold decides the digits.
    """
    ratio = check.ratios.get(indicator)
    if ratio is None:
        return UNDEFINED
    for item in check.verdicts:
        same = item.ratio is not None and item.ratio.value == ratio.value
        if item.indicator == indicator and same and item.threshold is not None:
            return verdict_value(item, language)
    return show(ratio.value, _unit(ratio), language)


def shown_zone(check: Check, ratio: Ratio, language: Language) -> str:
    """Return the number of a zone; as its row writes it, where a row judges this very zone."""
    for item in check.verdicts:
        mine = item.ratio
        if mine is None or not mine.place or mine.place != ratio.place:
            continue
        if item.unit == ratio.unit and mine.value == ratio.value:
            return verdict_value(item, language)
    return show(ratio.value, _unit(ratio), language)


def verdict_value(item: Verdict, language: Language) -> str:
    """Return the measured value of a row, on the side of the threshold where it stands."""
    return show(
        item.value,
        _unit(item),
        language,
        threshold=item.threshold,
        operator=item.operator,
    )


def _section(
    check: Check, kind: Kind, title: str, note: str, items: list[Verdict], language: Language
) -> Section:
    rows = tuple(_row(check, item, language) for item in items)
    return Section(kind=kind, title=title, note=note, rows=rows)


def _row(check: Check, item: Verdict, language: Language) -> Row:
    cited = item.source
    return Row(
        source=item,
        name=clean(item.name.of(language)),
        place=clean(item.ratio.place) if item.ratio is not None and item.ratio.place else "",
        notes=tuple(_notes(check, item, language)),
        levels=_levels(check, item, language),
        value=verdict_value(item, language),
        threshold=_threshold(item, language),
        margin=show_margin(item.margin, _unit(item), language),
        verdict=item.verdict,
        verdict_word=VERDICTS[item.verdict].of(language),
        mark=item.mark or "",
        mark_word=MARKS[item.mark].of(language) if item.mark else UNDEFINED,
        citation=clean(" ".join(p for p in (cited.document, cited.clause, cited.address) if p))
        if cited
        else "",
    )


def _threshold(item: Verdict, language: Language) -> str:
    sign = {">=": "≥", "<=": "≤"}.get(item.operator, item.operator)
    if item.threshold is not None:
        return f"{sign} {show_threshold(item.threshold, _unit(item), language)}"
    if item.readings:
        listed = " / ".join(show_threshold(n, _unit(item), language) for n in item.readings)
        return f"{sign} {listed}"
    return UNDEFINED


def _notes(check: Check, item: Verdict, language: Language) -> list[str]:
    found = []
    if item.reason is not None:
        found.append(clean(item.reason.of(language)))
    if item.basis == "supplied" and item.ratio is not None:
        found.append(word("supplied", language))
        notes = (source.note for source in item.ratio.sources if source.role == "supplied")
        found += [clean(note.of(language)) for note in notes if note is not None]
    if not item.mandatory:
        found.append(_not_deciding(check, item, language))
    if item.source is not None and not item.readings:
        found.append(say("number_extends", language))
    error = "" if item.ratio is None else error_sentence(item.ratio, language)
    if error:
        found.append(error)
    return [*found, *_other_readings(check, item, language)]


def _other_readings(check: Check, item: Verdict, language: Language) -> list[str]:
    """Return what else was measured for the row and is not judged, and whether it would meet it."""
    if item.ratio is None or item.ratio.place or item.threshold is None:
        return []
    found = []
    for other in check.measured:
        same = other.ratio.indicator == item.indicator and other.label is not None
        if other.judged or not same or other.label is None or isnan(other.ratio.value):
            continue
        unit, bar, sign = _unit(item), item.threshold, item.operator
        shown = show(other.ratio.value, unit, language, threshold=bar, operator=sign)
        met = "would_meet" if holds(other.ratio.value, sign, bar) else "would_fail"
        told = word(met, language)
        found.append(
            word("other_reading", language).format(
                label=clean(other.label.of(language)), value=shown, told=told
            )
        )
    return found


def _not_deciding(check: Check, item: Verdict, language: Language) -> str:
    """Return that a row decides nothing, and why, as far as its profile says."""
    stop = "：" if language == "zh" else ": "
    for profile in check.profiles:
        for row in profile.criteria:
            mine = row.indicator == item.indicator and not row.mandatory and row.note is not None
            if mine and profile.id == _base(item.standard) and row.note is not None:
                return word("optional", language) + stop + clean(row.note.of(language))
    return word("optional", language)


def _levels(check: Check, item: Verdict, language: Language) -> str:
    if not item.other_levels:
        return ""
    stop = "：" if language == "zh" else ": "
    others = [pair for pair in item.other_levels if pair[1] != item.threshold]
    if not others:
        return ""
    levels = ", ".join(
        f"{_level(check, item, level, language)} {show_threshold(number, _unit(item), language)}"
        for level, number in others
    )
    return word("other_levels", language) + stop + levels


def _level(check: Check, item: Verdict, level: str, language: Language) -> str:
    for profile in check.profiles:
        if profile.id == _base(item.standard) and level in profile.level_names:
            return profile.level_names[level].of(language)
    return level


def _base(standard: str) -> str:
    return standard.partition(":")[0]


def _unit(item: Verdict | Ratio) -> str:
    return shown_unit(item.indicator, item.unit)
