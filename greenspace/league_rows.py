"""League rows: a city's folder of results as one line of a league, or why there is none.

Question   What is this city's line, whatever its folder holds?
Enters     The folder, and what is known of how it came to be.
Leaves     A CityRow; never a refusal.
Elsewhere  Reading the folder: read/city_row. Which cities there are: province.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from greenspace.errors import GreenspaceError
from greenspace.model.league import CityRow
from greenspace.model.words import Text
from greenspace.present.record import folders_of, without_folder
from greenspace.read.city_row import read_city_row

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.league import State


def row_of(
    folder: Path,
    *,
    id: str,  # noqa: A002
    manifest: str,
    state: State,
    why: tuple[Text, ...] = (),
) -> CityRow:
    """Return the line of a city; ``failed`` with the reason, where its folder cannot be read."""
    if state == "failed":
        return CityRow(id=id, manifest=manifest, state=state, why=why)
    try:
        return replace(read_city_row(folder, id=id, manifest=manifest, state=state), why=why)
    except GreenspaceError as error:
        told = words_of(error, folder.parent)
        return CityRow(id=id, manifest=manifest, state="failed", why=(*why, told))


def words_of(error: GreenspaceError, home: Path) -> Text:
    """Return problem, place and remedy in both languages, files below `home` named from there."""
    folders = folders_of(home / "manifest")
    return Text(
        zh=without_folder(error.sentence("zh"), folders),
        en=without_folder(error.sentence("en"), folders),
    )
