"""What a page says of its files, held against the files that its commands wrote."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parents[2] / "docs"


def own_image(folder: Path, names: dict[str, Any]) -> None:  # noqa: ARG001
    """The table of files names every file that the first run wrote."""
    page = (DOCS / "how_to" / "own_image.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*`) \|", page, re.MULTILINE)
    named = set(re.findall(r"`([a-z]+\.[a-z]+)`", " ".join(rows)))

    assert named == {path.name for path in (folder / "first").iterdir()}


def green_lines(folder: Path, names: dict[str, Any]) -> None:
    """The tables and layers that the page names are there."""
    assert (folder / "tables" / "control_points.docx").is_file()
    assert (folder / "out" / "lines.gpkg").is_file()
    assert names["approved"].lines["number"].is_unique


def walking(folder: Path, names: dict[str, Any]) -> None:  # noqa: ARG001
    """The reference of ``service`` names every file that was written, and every column."""
    reference = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    section = reference.partition("## `service`")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|-]*`, `?[^|]*|`[^|-]*`) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z]+\.[a-z]+)`", row)}
    written = {path.name for path in (folder / "served").iterdir()}
    assert named == {name for name in written if not name.endswith(".pdf")}

    columns = {
        name
        for table in ("service", "blocks", "parks")
        for name in (folder / "served" / f"{table}.csv")
        .read_text(encoding="utf-8-sig")
        .partition("\n")[0]
        .strip()
        .split(",")
    }
    assert columns <= set(re.findall(r"`([a-z_0-9]+)`", section.partition("| column | of |")[2]))


AFTER: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "how_to/own_image.md": own_image,
    "how_to/green_lines.md": green_lines,
    "how_to/walking.md": walking,
}
