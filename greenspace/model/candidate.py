"""Candidates: files of a folder that may be layers of a city.

Question   Which layer of the manifest might this file be, and with which columns?
Enters     What a file says of itself.
Leaves     A frozen value that a draft of the manifest is written from.
Elsewhere  Looking into the folder: read/scan. Writing the draft: present/draft.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One layer or image found in a folder, and what it seems to be.

    Attributes
    ----------
    path
        Relative to the folder, with forward slashes.
    layer
        Inside a file of several layers, else ``None``.
    kind
        ``polygon``, ``line``, ``point``, ``any`` or ``raster``.
    count
        Features of a layer, bands of an image.
    guess
        A layer of the manifest, ``image``, ``mask``, or ``None``.
    roles
        Guessed columns by role.
    edition
        Of the class codes, where they tell.
    bands
        Guessed band numbers by name.
    remark
        Why it is not guessed, where that is worth saying.
    """

    path: str
    kind: str
    layer: str | None = None
    crs: str | None = None
    count: int = 0
    columns: tuple[str, ...] = ()
    guess: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    edition: str | None = None
    date: date | None = None
    bands: Mapping[str, int] = field(default_factory=dict)
    remark: Text | None = None
