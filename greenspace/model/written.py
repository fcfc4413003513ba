"""Written: what became of a layer that was written to a file.

Question   Where does the layer lie now, under which names, and what does the file not keep?
Enters     Facts of the writing.
Leaves     One frozen value; text that a spreadsheet does not run.
Elsewhere  Writing: exchange.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.model.source import Finding

NAME_MAP: Final = ".names.csv"  # beside a shapefile: field to name, where names were cut
FORMULA: Final = ("=", "+", "-", "@", "'")  # a spreadsheet would take such text for its own


def defused(text: str) -> str:
    """Return text for a CSV such that no spreadsheet takes it for a formula.

    Examples
    --------
    >>> defused("=1+1"), defused("L001")
    ("'=1+1", 'L001')
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def as_before(text: str) -> str:
    """Return text that was `defused` as it was.

    Examples
    --------
    >>> as_before("'=1+1"), as_before("L001"), as_before("'L001")
    ('=1+1', 'L001', "'L001")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A layer as it was written, read back and found equal.

    Attributes
    ----------
    path
        What `read_layer` takes; a database by its name, without the password.
    layer
        Its name in the file.
    rows
        How many features.
    files
        Everything that was written; a shapefile has many parts.
    encoding
        Of a shapefile's text.
    names
        Field in the file to column of the layer, where they differ.
    findings
        What the file does not keep as it was, each counted.

    Examples
    --------
    >>> from pathlib import Path
    >>> print(Written(path=Path("green.shp"), layer="green", rows=2, encoding="gbk",
    ...               names={"公园绿地名": "公园绿地名称"}))
    green.shp: layer green, 2 rows, gbk
    公园绿地名 = 公园绿地名称
    """

    path: Path | str
    layer: str
    rows: int
    files: tuple[Path, ...] = ()
    encoding: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        """Return a line for the file, one for each field renamed and one for each finding."""
        name = self.path if isinstance(self.path, str) else self.path.name
        facts = [f"layer {self.layer}", f"{self.rows} rows", self.encoding]
        return "\n".join(
            [
                f"{name}: {', '.join(filter(None, facts))}",
                *(f"{short} = {name}" for short, name in self.names.items()),
                *(str(finding.text) for finding in self.findings),
            ]
        )
