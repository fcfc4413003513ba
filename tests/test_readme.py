"""The README shows what the commands really give."""

from __future__ import annotations

import re

from greenspace.present.display import show, show_threshold
from greenspace.present.words import MARKS, VERDICTS

RESULT = re.compile(r"<!-- result -->\n\n(.*?)\n\n<!-- /result -->", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
HEAD = "| 指标 indicator | measured | threshold | verdict | number |\n|---|---:|---:|---|---|"


def table_of(check):
    lines = [HEAD]
    for row in check.verdicts:
        if row.ratio is None:
            continue
        value = show(row.value, row.unit, "en", threshold=row.threshold, operator=row.operator)
        asked = f"{row.operator} {show_threshold(row.threshold, row.unit, 'en')}"
        place = f" ({row.ratio.place})" if row.ratio.place else ""
        title = f"{row.name.zh} {row.name.en}{place}"
        if row.standard != check.standard:
            title = f"{row.standard}: {title}"
        verdict, mark = VERDICTS[row.verdict].en, MARKS[row.mark].en
        lines.append(f"| {title} | {value} | {asked} | {verdict} | {mark} |")
    decided = "provisional" if check.overall.provisional else ""
    lines.append(f"| **overall** | | | **{VERDICTS[check.verdict].en}** | {decided} |")
    return "\n".join(lines)


def test_result_table_is_that_of_the_command(repository, sample_check):
    readme = (repository / "README.md").read_text(encoding="utf-8")

    shown = RESULT.search(readme).group(1)

    assert shown == table_of(sample_check("CN-2010"))


def test_python_blocks_run(repository, monkeypatch):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(repository)
    blocks = PYTHON.findall(readme)

    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102 - the README's own words

    assert blocks


def test_links_lead_somewhere(repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)#]+)", readme)

    assert links
    assert not [link for link in links if not (repository / link).exists()]
