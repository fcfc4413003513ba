"""Chips: pictures of places in doubt as files, with the outline of the parcel drawn on them.

Question   What does the office see of a parcel, without opening the image?
Enters     Chips, a folder.
Leaves     chips/ID.png.
Elsewhere  Reading the pixels: prepare/chips. The ledger that names them: discrepancies.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from greenspace.model.declared import Chip

FOLDER: Final = "chips"
LEAST_PX: Final = 256  # small chips are enlarged to about this


def outlined_png(chip: Chip) -> bytes:
    """Return a chip as PNG, pixels enlarged, with the outline drawn dark and bright."""
    zoom = max(1, round(LEAST_PX / len(chip.pixels)))
    picture = Image.fromarray(np.ascontiguousarray(chip.pixels)).resize(
        (chip.pixels.shape[1] * zoom, chip.pixels.shape[0] * zoom), Image.Resampling.NEAREST
    )
    draw = ImageDraw.Draw(picture)
    for width, colour in ((4, "black"), (2, "yellow")):
        for ring in chip.rings:
            draw.line([(float(x), float(y)) for x, y in ring * zoom], colour, width)
    file = BytesIO()
    picture.save(file, format="PNG")
    return file.getvalue()


def write_chips(chips: Iterable[Chip], folder: Path) -> None:
    """Write each chip into ``chips/`` of a folder of results; no folder where there is none."""
    for chip in chips:
        home = folder / FOLDER
        home.mkdir(exist_ok=True)
        (home / f"{chip.id}.png").write_bytes(outlined_png(chip))
