"""The ``[green_line]`` table: how a city's green lines are to be drawn and numbered.

Question   Within which bounds are lines drawn, and do their points carry the zone?
Enters     The table of the manifest.
Leaves     The bounds as they were written, for `City.tables`.
Elsewhere  What the bounds mean: `gs.green_lines`. The manifest: read/manifest.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Metres = Annotated[float, Field(ge=0, lt=100, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class GreenLineTable(BaseModel):
    """``[green_line]``: bounds in metres and a share, and the prefix of eastings."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    tolerance_m: Metres | None = None
    max_area_change: Share | None = None
    max_displacement_m: Metres | None = None
    zone_prefix: bool | None = None


def asked_lines(table: GreenLineTable | None) -> dict[str, dict[str, Any]]:
    """Return ``{"green_line": ...}`` with what was written; nothing where there is no table.

    Examples
    --------
    >>> asked_lines(GreenLineTable(tolerance_m=0.3))
    {'green_line': {'tolerance_m': 0.3}}
    """
    return {} if table is None else {"green_line": table.model_dump(exclude_none=True)}
