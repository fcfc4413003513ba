"""City zoning: the [zoning] table of a manifest, with the scheme that it names.

Question   By which scheme are the park's zones held, and how wide is the core's buffer?
Enters     A Desk and a checked manifest.
Leaves     The table as the city keeps it; a file of one's own with its checksum.
Elsewhere  Schemes: read/zonings. Zones held against them: zoned_park.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from greenspace.read.zonings import read_zoning

if TYPE_CHECKING:
    from greenspace.read.desk import Desk


class ZoningChoice(BaseModel):
    """``[zoning]``: a scheme of the library or a file of one's own, and a buffer."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    scheme: Annotated[str, Field(min_length=1)] | None = None
    buffer_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


def find_zoning(desk: Desk, table: ZoningChoice | None) -> dict[str, dict[str, Any]]:
    """Return ``{"zoning": ...}`` with the file in place of its words; nothing where not asked for.

    Raises
    ------
    InputError
        The file of the scheme is missing.
    DefinitionError
        The scheme is unknown or badly formed.
    """
    if table is None:
        return {}
    found: dict[str, Any] = table.model_dump(exclude_none=True)
    if table.scheme is not None:
        if table.scheme.lower().endswith(".toml"):
            found["scheme"] = desk.find(table.scheme, "zoning")
            desk.keep(found["scheme"], "zoning")
        read_zoning(found["scheme"])
    return {"zoning": found}
