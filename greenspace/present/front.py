"""Front: what stands above the chapters of the report.

Question   Whose report is this, by which standard, and what is the verdict?
Enters     A Check and a language.
Leaves     Title, statements, title block and the overall verdict as words.
Elsewhere  The chapters: outline. Rendering: report, document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenspace.present.display import show
from greenspace.present.record import software_version
from greenspace.present.rows import overall_sentence, profile_title
from greenspace.present.words import REPORT_FIELDS, STATEMENT_FIELDS, clean, word

if TYPE_CHECKING:
    from greenspace.model.check import Check
    from greenspace.model.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The head of a report; `verdict` is the token beside the words of `overall`."""

    title: str
    standard: str
    statements: tuple[str, ...]
    block: tuple[tuple[str, str], ...]
    verdict: str
    overall: str
    reason: str
    made_with: str


def front(check: Check, language: Language) -> Front:
    """Return the head of the report."""
    reason, report = check.overall.reason, check.city.report
    return Front(
        title=word("report_title", language).format(name=clean(check.city.name)),
        standard=clean(profile_title(check, check.standard, language)),
        statements=tuple(clean(report[key]) for key in STATEMENT_FIELDS if key in report),
        block=_title_block(check, language),
        verdict=check.overall.verdict,
        overall=overall_sentence(check, language),
        reason="" if reason is None else clean(reason.of(language)),
        made_with=word("made_with", language).format(version=software_version()),
    )


def _title_block(check: Check, language: Language) -> tuple[tuple[str, str], ...]:
    """Return date and population, then the fields of the office, known ones in the language."""
    city = check.city
    block: list[tuple[str, str]] = []
    if city.date is not None:
        block.append((word("date_label", language), city.date.isoformat()))
    if city.population is not None:
        people = show(city.population, "person", language)
        basis = f" ({clean(city.population_basis)})" if city.population_basis else ""
        block.append((word("population", language), people + basis))
    known = [key for key in REPORT_FIELDS if key in city.report]
    others = [key for key in city.report if key not in {*REPORT_FIELDS, *STATEMENT_FIELDS}]
    for key in (*known, *others):
        label = REPORT_FIELDS[key].of(language) if key in REPORT_FIELDS else clean(key)
        block.append((label, clean(city.report[key])))
    return tuple(block)
