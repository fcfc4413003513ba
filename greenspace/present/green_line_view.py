"""Green-line view: a plan as tables for the console.

Question   What does someone see after ``greenspace green-line``?
Enters     A GreenLinePlan, a language, a width.
Leaves     Renderables of rich; nothing is printed here.
Elsewhere  Files: green_line_files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.model.green_line import STATUSES
from greenspace.model.words import Text
from greenspace.present.display import show
from greenspace.present.green_line_book import PASSED
from greenspace.present.green_line_layers import KINDS
from greenspace.present.green_line_record import sums_by_status
from greenspace.present.record import crs_name, relative_findings
from greenspace.present.terminal import findings_lines
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from greenspace.model.encroachment import Guard
    from greenspace.model.green_line_plan import GreenLinePlan
    from greenspace.model.words import Language

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("绿线", "Green lines"),
    "status": Text("线别", "Status"),
    "count": Text("条数", "Lines"),
    "area": Text("面积", "Area"),
    "length": Text("长度", "Length"),
    "checks": Text("检验", "Tests"),
    "result": Text("结果", "Result"),
    "text": Text("检验及所见", "Test, and what was found"),
    "guard": Text("绿线内的侵占", "Encroachments on green lines"),
    "rank": Text("序", "No."),
    "line": Text("绿线", "Line"),
    "kind": Text("类别", "Kind"),
    "name": Text("名称", "Name"),
    "nothing": Text("没有发现侵占。", "No encroachment was found."),
    "untested": Text(
        "没有已批准的绿线，未查侵占。", "There are no approved lines to hold against works."
    ),
    "more": Text("另有 {count} 处，见 green_lines.xlsx。", "{count} more in green_lines.xlsx."),
    "points": Text(
        "控制点 {points} 个，{lines} 条绿线", "{points} control points of {lines} lines"
    ),
    "limits": Text(
        "线形误差：面积变化最大 {area}（限 {most_area}），位移最大 {far:.3f} m（限 {most_far:g} m），"
        "贴合容差 {tolerance:g} m",
        "Fidelity: area changed by {area} at most (limit {most_area}), edges moved {far:.3f} m at "
        "most (limit {most_far:g} m), snapping tolerance {tolerance:g} m",
    ),
}
MOST: Final = 10
STYLES: Final[Mapping[bool | None, str]] = {True: "green", False: "bold red", None: "yellow"}


def plan_view(
    plan: GreenLinePlan, language: Language, width: int, *, ascii_only: bool = False
) -> Group:
    """Return everything that ``greenspace green-line`` shows."""
    page = _Page(language, width, box.ASCII if ascii_only else box.SIMPLE_HEAD)
    parts: list[RenderableType] = [
        Line(f"{clean(plan.city.name)} · {page.word('title')}", style="bold"),
        _sums(plan, page),
        *(Line(text) for text in _remarks(plan, language)),
        Line(f"\n{page.word('checks')}", style="bold"),
        _tests(plan, page),
        Line(f"\n{page.word('guard')}", style="bold"),
        *_encroachments(plan.guard, page),
        *findings_lines(relative_findings(plan.findings, plan.city.manifest), language),
    ]
    return Group(*parts)


class _Page:
    """Language, width and frame of the tables of one page."""

    def __init__(self, language: Language, width: int, frame: box.Box) -> None:
        self.language = language
        self.width = width
        self.frame = frame

    def word(self, key: str) -> str:
        return WORDS[key].of(self.language)

    def table(self, names: Sequence[str], *, numbers: Sequence[str] = (), wide: str) -> Table:
        """Return an empty table, one column of which takes the room that is left."""
        table = Table(box=self.frame, width=self.width, pad_edge=False)
        for key in names:
            table.add_column(
                self.word(key),
                justify="right" if key in numbers else "left",
                ratio=1 if key == wide else None,
                overflow="fold",
            )
        return table


def _sums(plan: GreenLinePlan, page: _Page) -> Table:
    numbers = ("count", "area", "length")
    table = page.table(("status", *numbers), numbers=numbers, wide="status")
    for status, sums in sums_by_status(plan.lines.lines).items():
        table.add_row(
            Line(STATUSES[status].title.of(page.language)),
            Line(f"{sums['count']}"),
            Line(show(sums["area_m2"], "m2", page.language)),
            Line(f"{sums['length_m']:,.0f} m"),
        )
    return table


def _remarks(plan: GreenLinePlan, language: Language) -> Iterator[str]:
    count = {"points": len(plan.points.points), "lines": len(plan.lines.lines)}
    yield WORDS["points"].of(language).format(**count)
    limits = plan.lines.limits
    if limits is not None:
        yield (
            WORDS["limits"]
            .of(language)
            .format(
                area=f"{limits.area_change:.4%}",
                most_area=f"{100 * limits.max_area_change:g}%",
                far=limits.displacement_m,
                most_far=limits.max_displacement_m,
                tolerance=limits.tolerance_m,
            )
        )
    plane = crs_name(plan.crs)
    if plane:
        yield f"{word('crs', language)}{'：' if language == 'zh' else ': '}{clean(plane)}"


def _tests(plan: GreenLinePlan, page: _Page) -> Table:
    table = page.table(("result", "text"), wide="text")
    for check in plan.checks:
        title = clean(check.title.of(page.language))
        table.add_row(
            Line(PASSED[check.passed].of(page.language), style=STYLES[check.passed]),
            Line.assemble((title, "bold"), f"\n{clean(check.text.of(page.language))}"),
        )
    return table


def _encroachments(guard: Guard | None, page: _Page) -> Iterator[RenderableType]:
    if guard is None:
        yield Line(page.word("untested"), style="yellow")
        return
    found = guard.encroachments
    if found.empty:
        yield Line(page.word("nothing"))
        return
    table = page.table(
        ("rank", "line", "kind", "name", "area"), numbers=("rank", "area"), wide="name"
    )
    for row in found.head(MOST).to_dict("records"):
        table.add_row(
            Line(f"{row['rank']}"),
            Line(clean(row["line"])),
            Line(KINDS[row["kind"]][0].of(page.language)),
            Line(clean(row["name"] or "")),
            Line(f"{row['area_m2']:,.1f} m²"),
        )
    yield table
    if len(found) > MOST:
        yield Line(page.word("more").format(count=len(found) - MOST))
