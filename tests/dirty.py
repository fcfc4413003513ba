"""What becomes of every dirty file: one line a layer, recorded and read by people.

To record it anew, and see in the diff what changed::

    GREENSPACE_REAL_DATA=folder python -m tests.dirty
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import shapely

from greenspace.errors import CrsError, GreenspaceError
from greenspace.read.raster import open_image
from greenspace.read.vector import list_layers, read_layer

GOLDEN = Path(__file__).parent / "golden" / "dirty.csv"
HEADING = ("file", "layer", "crs", "outcome", "rows", "area", "told")
GIVEN = "local-metre"


def lines(folder):
    """Yield a line for every layer of every file; anything but a greenspace error escapes."""
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".tif":
            yield (name, "", "", *image_outcome(path))
            continue
        try:
            names = [info.name for info in list_layers(path)]
        except GreenspaceError as error:
            yield (name, "", "", *refused(error))
            continue
        for layer in names:
            for crs in ("", GIVEN):
                outcome = layer_outcome(path, layer, crs)
                yield (name, layer, crs, *outcome)
                if outcome[-1] != CrsError.__name__:
                    break


def layer_outcome(path, layer, crs):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            frame = read_layer(path, layer=layer, crs=crs or None)
    except GreenspaceError as error:
        return refused(error)
    area = float(shapely.area(frame.geometry.dropna().to_numpy()).sum())
    told = " ".join(sorted(finding.code for finding in frame.attrs["findings"]))
    return "read", str(len(frame)), f"{area:.6g}", told


def image_outcome(path):
    """Return what one pass over the first band of an image finds: its seen pixels are its rows."""
    try:
        image = open_image(path, need=("green",), bands={"green": 1})
        windows = image.stream(("green",), image.grid.windows())
        seen = sum(int(mask.sum()) for _, _, mask in windows)
        told = " ".join(sorted(finding.code for finding in image.findings()))
    except GreenspaceError as error:
        return refused(error)
    return "read", str(seen), "", told


def refused(error):
    return "refused", "", "", type(error).__name__


def main():
    from tests.conftest import real_data_folder

    with GOLDEN.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([HEADING, *lines(real_data_folder() / "dirty")])


if __name__ == "__main__":
    main()
