"""City species: the [species] table of a manifest, with the lists that it names.

Question   Which plants, birds and fish does this city list?
Enters     A Desk and a checked manifest.
Leaves     Rows of species; the file is kept with its checksum, findings are on the desk.
Elsewhere  The table of species: read/species. The indices: measure/species.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.read.species import read_species

if TYPE_CHECKING:
    import pandas as pd

    from greenspace.read.desk import Desk
    from greenspace.read.manifest import Manifest


def find_species(desk: Desk, manifest: Manifest) -> pd.DataFrame | None:
    """Return the lists of species, ``None`` where the manifest has none.

    Raises
    ------
    InputError
        As `greenspace.read.species.read_species`.
    """
    table = manifest.species
    if table is None:
        return None
    path = desk.find(table.lists, "species")
    rows, findings = read_species(path, table.columns, encoding=table.encoding)
    desk.keep(path, "species")
    desk.findings.extend(findings)
    return rows
