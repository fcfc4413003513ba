"""Sensitivity chart: each reading of a rule as a dot against the number it is held to.

Question   Which reading puts an indicator on the other side of its threshold?
Enters     The outcomes of an annex and a language.
Leaves     A picture, a panel an indicator and standard.
Elsewhere  The table beside it: annex. Measuring: the composer sensitivity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from greenspace.model.words import Text
from greenspace.present import canvas, style
from greenspace.present.display import show, shown_unit
from greenspace.present.fonts import chinese_font, drawable
from greenspace.present.words import VERDICTS, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from greenspace.model.rehearsal import Outcome
    from greenspace.model.verdict import Token
    from greenspace.model.words import Language

COLOURS: Final[Mapping[Token, str]] = {
    "pass": "#2f7d3b",
    "fail": "#b3362b",
    "not_assessable": "#b78a1e",
}
SHAPES: Final[Mapping[Token, str]] = {"pass": "o", "fail": "X", "not_assessable": "D"}
CHECKED: Final = Text("核查所用读法", "the reading of the check")
THRESHOLD: Final = Text("标准的数值", "number of the standard")
LINE_INCHES: Final = 0.30
PANEL_INCHES: Final = 1.05
WIDE_INCHES: Final = 9.4
LONGEST: Final = 52


def draw_outcomes(outcomes: Sequence[Outcome], language: Language) -> Axes:
    """Draw every outcome that has a value; returns the Axes of the whole picture."""
    groups = _groups(outcomes)
    heights = [PANEL_INCHES + LINE_INCHES * len(group) for group in groups]
    total = sum(heights) + 0.6
    page = canvas.new_axes((WIDE_INCHES, total), (0.0, 0.0, 1.0, 1.0))
    page.set_axis_off()
    top = total
    for group, height in zip(groups, heights, strict=True):
        top -= height
        box = (0.43, (top + 0.35) / total, 0.50, LINE_INCHES * len(group) / total)
        _panel(page.inset_axes(box), group, language)
    _key(page, language)
    return page


def _groups(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """Gather by indicator and standard; the check's own reading once, first."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for item in outcomes:
        if item.value is not None and item.verdict is not None:
            found.setdefault((item.indicator, item.standard), []).append(item)
    groups = []
    for items in found.values():
        own = [item for item in items if item.default]
        groups.append(own[:1] + [item for item in items if not item.default])
    return groups


def _panel(ax: Axes, group: Sequence[Outcome], language: Language) -> None:
    first = group[0]
    unit = shown_unit(first.indicator, first.unit)
    bars = dict.fromkeys(value for item in group for value in item.thresholds)
    for value in bars:
        ax.axvline(value, color=style.BUILT_UP, lw=1.1, ls=":", zorder=1)
        ax.annotate(
            drawable(show(value, unit, language)),
            (value, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            fontproperties=chinese_font(7.5),
            color=style.BUILT_UP,
            parse_math=False,
        )
    for row, item in enumerate(group):
        _dot(ax, row, item, unit, language)
    values = [item.value for item in group if item.value is not None] + list(bars)
    spread = (max(values) - min(values)) or abs(values[0]) * 0.1 or 1.0
    ax.set_xlim(min(values) - 0.08 * spread, max(values) + 0.16 * spread)
    ax.set_ylim(len(group) - 0.5, -0.5)
    ax.set_yticks(range(len(group)), [_label(item, language) for item in group])
    bare = unit if unit == "1" else ""  # the numbers by the dots carry longer units
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: drawable(show(x, bare, language))))
    for text in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        text.set_fontproperties(chinese_font(8))
        text.set_parse_math(False)
    ax.tick_params(length=0, colors=style.INK)
    ax.grid(visible=True, axis="x", color="#e6e6e0", lw=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    title = f"{clean(first.name.of(language))} · {clean(first.standard)}"
    ax.annotate(
        drawable(title),
        (0.0, 1.0),
        xycoords="axes fraction",
        xytext=(0, 15),
        textcoords="offset points",
        fontproperties=chinese_font(10.5),
        color=style.INK,
        parse_math=False,
    )


def _dot(ax: Axes, row: int, item: Outcome, unit: str, language: Language) -> None:
    if item.value is None or item.verdict is None:
        return
    edge = style.INK if item.default else "none"
    mark, colour = SHAPES[item.verdict], COLOURS[item.verdict]
    ax.plot(item.value, row, mark, color=colour, mec=edge, mew=1.6, ms=8.5, zorder=4)
    ax.annotate(
        drawable(show(item.value, unit, language)),
        (item.value, row),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontproperties=chinese_font(8),
        color=colour,
        parse_math=False,
        annotation_clip=False,
    )


def _label(item: Outcome, language: Language) -> str:
    if item.default:
        return drawable(CHECKED.of(language))
    stop = "：" if language == "zh" else ": "
    text = f"{clean(item.topic.title.of(language))}{stop}{clean(item.reading.text.of(language))}"
    return drawable(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _key(page: Axes, language: Language) -> None:
    handles = [
        Line2D([], [], marker=SHAPES[token], color=COLOURS[token], ls="", ms=8) for token in COLOURS
    ]
    labels = [VERDICTS[token].of(language) for token in COLOURS]
    handles.append(Line2D([], [], marker="o", color="white", mec=style.INK, mew=1.6, ls="", ms=8))
    labels.append(CHECKED.of(language))
    handles.append(Line2D([], [], color=style.BUILT_UP, ls=":"))
    labels.append(THRESHOLD.of(language))
    drawn = page.legend(
        handles,
        [drawable(label) for label in labels],
        loc="lower center",
        ncols=5,
        frameon=False,
        prop=chinese_font(9),
    )
    for text in drawn.get_texts():
        text.set_parse_math(False)
