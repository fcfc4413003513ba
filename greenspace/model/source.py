"""Sources and findings: where a number comes from and what was noticed on the way.

Question   Which inputs and rules made this number, and what should its reader know?
Enters     Facts from every room.
Leaves     Frozen values that travel with results.
Elsewhere  Reading the inputs: read/. Showing them: present/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.errors import GreenspaceError

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input or rule behind a number.

    Attributes
    ----------
    role
        What it was used for: ``parks``, ``image``, ``tiers``, ...
    name
        A file name relative to the manifest, a layer, or a clause.
    layer
        The layer inside the file.
    sha256
        Checksum of the file's bytes, where it is a file.
    note
        What a reader should know, such as the population basis or a clause's mark.
    """

    role: str
    name: str
    layer: str | None = None
    sha256: str | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something noticed about the data: counted, located, and never silent.

    Attributes
    ----------
    code
        A stable identifier such as ``overlap`` or ``nodata_undeclared``.
    text
        The sentence shown to people.
    severity
        ``error`` (the number is wrong without action), ``warning`` (it may be), ``note``.
    layer, rows, count, area_m2
        Where, how many features, and the area concerned.
    indicators
        The indicators that it touches.
    file
        The file, where it is known and the layer alone does not say it.
    """

    code: str
    text: Text
    severity: Severity = "note"
    layer: str | None = None
    rows: tuple[object, ...] = field(default=())
    count: int | None = None
    area_m2: float | None = None
    indicators: tuple[str, ...] = field(default=())
    file: str | None = None


def finding_of(error: GreenspaceError) -> Finding:
    """Return a refusal as a finding: what would stop a check, where, and the next step.

    Examples
    --------
    >>> from greenspace.errors import CrsError
    >>> finding = finding_of(CrsError("图层没有坐标系。", "The layer has no CRS.", layer="parks"))
    >>> finding.code, finding.severity, finding.layer
    ('refused_crs', 'error', 'parks')
    """
    branch = re.sub("Error$", "", type(error).__name__)
    words = re.sub("(?<!^)(?=[A-Z])", "_", branch).lower()
    problem, remedy = error.problem, error.remedy
    if remedy is not None:
        problem = Text(zh=f"{problem.zh}{remedy.zh}", en=f"{problem.en} {remedy.en}".strip())
    return Finding(
        code=f"refused_{words}",
        text=problem,
        severity="error",
        layer=error.layer,
        rows=error.rows,
        count=len(error.rows) or None,
        file=error.file,
    )
