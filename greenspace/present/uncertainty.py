"""Uncertainty: what reference points say of a number from imagery, in words.

Question   How does a reader learn what the mapped value leaves open?
Enters     A Ratio and a language.
Leaves     Keys of words and texts: the estimate and its interval, or why there is none.
Elsewhere  Computing them: measure/accuracy. Numbers and units: display.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.present.display import show, show_range, shown_unit
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from greenspace.model.quantity import Interval, Ratio
    from greenspace.model.words import Language


def error_facts(ratio: Ratio, language: Language) -> list[tuple[str, str]]:
    """Return the estimate and its interval, or the reason for none; nothing without an image."""
    span, unit = ratio.interval, shown_unit(ratio.indicator, ratio.unit)
    found = []
    if span is not None:
        found.append(("estimate", show(span.estimate, unit, language)))
        if span.confidence is not None:
            found.append(("interval", show_interval(span, unit, language)))
    if ratio.no_interval is not None:
        found.append(("no_interval", clean(ratio.no_interval.of(language))))
    return found


def show_interval(span: Interval, unit: str, language: Language) -> str:
    """Return the ends of an interval with its confidence, or that it is synthetic.

    Examples
    --------
    >>> from greenspace.model.quantity import Interval
    >>> show_interval(Interval(0.3, 0.4, estimate=0.35, points=50), "1", "en")
    '30.00%–40.00% (95%, reference points: 50)'
    """
    if span.confidence is None:
        return word("synthetic", language)
    how = f"{100 * span.confidence:.4g}%"
    if span.points is not None:
        how += word("points", language).format(count=span.points)
    left, right = ("（", "）") if language == "zh" else (" (", ")")
    return f"{show_range(span.low, span.high, unit, language)}{left}{how}{right}"


def error_sentence(ratio: Ratio, language: Language) -> str:
    """Return estimate and interval as one remark beside the mapped value; nothing without."""
    span, unit = ratio.interval, shown_unit(ratio.indicator, ratio.unit)
    if span is None:
        return ""
    return word("error_sentence", language).format(
        estimate=show(span.estimate, unit, language), interval=show_interval(span, unit, language)
    )


def error_notes(ratio: Ratio, language: Language) -> tuple[str, ...]:
    """Return estimate and ends for the cell of a zone, in two short lines; none without."""
    span, unit = ratio.interval, shown_unit(ratio.indicator, ratio.unit)
    if span is None:
        return ()
    estimate = show(span.estimate, unit, language)
    if span.confidence is None:
        return (word("synthetic_note", language).format(estimate=estimate),)
    ends = show_range(span.low, span.high, unit, language)
    return (word("error_note", language).format(estimate=estimate), ends)
