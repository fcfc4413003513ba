"""Green-line book: the tables of a plan as a workbook with real numbers.

Question   Which cells does the office copy when it hands in green lines?
Enters     A GreenLinePlan and a path.
Leaves     green_lines.xlsx: sums, tests, every ledger, findings, inputs.
Elsewhere  The table of control points: control_point_tables. The same for programs: green_line_record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openpyxl import Workbook

from greenspace.model.green_line import STATUSES
from greenspace.model.words import Text
from greenspace.present.cells import FORMATS, HALF_FORMAT, finish_sheet, put, start_table
from greenspace.present.fixed_zip import BEGINNING
from greenspace.present.green_line_record import sums_by_status
from greenspace.present.ledger_sheets import fill_ledger, heads_of
from greenspace.present.record import crs_name, inputs_record, relative_findings
from greenspace.present.sheet_names import sheet_names
from greenspace.present.words import MARKS, SEVERITIES, both, clean
from greenspace.present.workbook import save_book

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from greenspace.model.green_line_plan import GreenLinePlan
    from greenspace.present.cells import Cell

PASSED: Final = {
    True: Text("通过", "passed"),
    False: Text("未通过", "failed"),
    None: Text("未检验", "not tested"),
}
FIRST: Final = (Text("汇总", "Sums"), Text("检验", "Tests"))
LAST: Final = (Text("发现", "Findings"), Text("输入", "Inputs"))
SUMS: Final = ("线别 Status", "条数 Lines", "面积 Area (m²)", "长度 Length (m)")
TESTS: Final = (
    "检验 Test",
    "结果 Result",
    "说明 Text",
    "处数 Count",
    "面积 Area (m²)",
    "依据 Mark",
)
FINDINGS: Final = (
    "程度 Severity",
    "代码 Code",
    "图层 Layer",
    "说明 Text",
    "个数 Count",
    "面积 Area (m²)",
)
INPUTS: Final = ("文件 File", "用途 Roles", "SHA-256")


def write_book(plan: GreenLinePlan, path: Path) -> None:
    """Write the workbook; numbers in base units, text as text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "greenspace"
    book.properties.created = BEGINNING
    ledgers = plan.ledgers
    titles = [*FIRST, *(ledger.title for ledger in ledgers), *LAST]
    sheets = [book.create_sheet(name) for name in sheet_names(map(both, titles))]
    _sums(plan, sheets[0])
    _tests(plan, sheets[1])
    for ledger, sheet in zip(ledgers, sheets[len(FIRST) :], strict=False):
        fill_ledger(sheet, ledger, start_table(sheet, *heads_of(ledger)))
    _findings(plan, sheets[-2])
    _inputs(plan, sheets[-1])
    save_book(book, path)


def _sums(plan: GreenLinePlan, sheet: Worksheet) -> None:
    lines = [clean(plan.city.name), f"CRS: {crs_name(plan.crs)}"]
    rows = [
        _row(both(STATUSES[status].title), sums["count"], sums["area_m2"], sums["length_m"])
        for status, sums in sums_by_status(plan.lines.lines).items()
    ]
    _fill(sheet, lines, SUMS, rows)


def _tests(plan: GreenLinePlan, sheet: Worksheet) -> None:
    rows = [
        _row(
            both(check.title),
            both(PASSED[check.passed]),
            both(check.text),
            check.count,
            check.area_m2,
            "" if check.mark is None else both(MARKS[check.mark]),
        )
        for check in plan.checks
    ]
    _fill(sheet, [], TESTS, rows)


def _findings(plan: GreenLinePlan, sheet: Worksheet) -> None:
    rows = [
        _row(
            both(SEVERITIES[item.severity]),
            item.code,
            item.layer or "",
            both(item.text),
            item.count,
            item.area_m2,
        )
        for item in relative_findings(plan.findings, plan.city.manifest)
    ]
    _fill(sheet, [], FINDINGS, rows)


def _inputs(plan: GreenLinePlan, sheet: Worksheet) -> None:
    rows = [
        _row(item["path"], ", ".join(item["roles"]), item["sha256"] or "")
        for item in inputs_record(plan.inputs)
    ]
    _fill(sheet, [], INPUTS, rows)


def _row(*values: object) -> list[Cell]:
    """Return values with the formats of their kinds: whole numbers, other numbers, text."""
    shapes = {int: FORMATS["count"], float: HALF_FORMAT}
    return [(value, shapes.get(type(value), "")) for value in values]


def _fill(
    sheet: Worksheet, lines: Sequence[str], head: Sequence[str], rows: Sequence[list[Cell]]
) -> None:
    start = start_table(sheet, lines, head)
    for row, cells in enumerate(rows, start):
        put(sheet, row, cells)
    finish_sheet(sheet, start)
