"""Twenty ways in which a city's inputs go wrong, planted on purpose in a copy of a sound city."""

from __future__ import annotations

import re
import shutil
import warnings
from dataclasses import dataclass, field
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely import Point, Polygon, affinity, box

SAME, REFUSED = frozenset(), None
OUTSIDE_M = 150.0


@cache
def layers_of(folder):
    names = pyogrio.list_layers(folder / "layers.gpkg")[:, 0]
    return {name: gpd.read_file(folder / "layers.gpkg", layer=name) for name in names}


@dataclass
class Draft:
    """A city in memory, to be spoilt and written."""

    layers: dict[str, gpd.GeoDataFrame]
    manifest: str
    random: np.random.Generator
    used: dict[str, set[int]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, folder, seed):
        text = (folder / "city.toml").read_text(encoding="utf-8")
        return cls(dict(layers_of(folder)), text, np.random.default_rng(seed))

    @property
    def ground(self):
        return self.layers["built_up"].geometry.union_all()

    def pick(self, name, suits=lambda _: True):
        """Return a row that no other defect has touched."""
        taken = self.used.setdefault(name, set())
        frame = self.layers[name]
        fit = [i for i in frame.index if i not in taken and suits(frame.loc[i])]
        row = int(self.random.choice(fit))
        taken.add(row)
        return row

    def put(self, name, row, column, value):
        frame = self.layers[name].copy()
        frame[column] = frame[column].astype(object) if column != "geometry" else frame[column]
        frame.loc[[row], column] = [value]
        self.layers[name] = gpd.GeoDataFrame(frame, crs=frame.crs)
        self.changed.add(name)

    def add(self, name, shape, like=None, **columns):
        """Append a row, and return its label."""
        frame = self.layers[name]
        facts = frame.loc[like if like is not None else 0].to_dict() | {"geometry": shape} | columns
        row = gpd.GeoDataFrame([facts], geometry="geometry", crs=frame.crs)
        self.layers[name] = pd.concat([frame, row], ignore_index=True)
        self.changed.add(name)
        self.used.setdefault(name, set()).add(len(frame))
        return len(frame)

    def place(self, name, width, height):
        """Return a free box inside the built-up area, a metre from any shape of the layer."""
        ground, taken = self.ground, self.layers[name].geometry.union_all()
        shapely.prepare([ground, taken])
        west, south, east, north = ground.bounds
        for _ in range(20_000):
            x, y = self.random.uniform((west, south), (east - width, north - height))
            spot = box(x, y, x + width, y + height)
            if ground.contains(spot) and not shapely.dwithin(taken, spot, 1.0):
                return spot
        raise AssertionError(f"no room in {name}")

    def edit(self, section, old, new):
        """Change one line of one table of the manifest."""
        head, found, rest = self.manifest.partition(f"[{section}]")
        changed, count = re.subn(old, new, rest, count=1)
        assert found
        assert count
        self.manifest = f"{head}{found}{changed}"

    def write(self, source, folder):
        shutil.copytree(source, folder, dirs_exist_ok=True)
        for name in self.changed:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a layer without CRS, on purpose
                self.layers[name].to_file(folder / "layers.gpkg", layer=name)
        (folder / "city.toml").write_text(self.manifest, encoding="utf-8")
        return folder / "city.toml"


def spike(draft):
    """A ring that goes out and comes back on itself: invalid, and of the same area."""
    row = draft.pick("residential")
    shape = draft.layers["residential"].geometry[row]
    corners = list(shape.exterior.coords)
    tip = (corners[1][0] + 2.0, corners[1][1] + 3.0)
    spiked = Polygon([*corners[:2], tip, *corners[1:]])
    assert not spiked.is_valid
    draft.put("residential", row, "geometry", spiked)
    return "made_valid", "residential", (row,)


def blank(draft):
    return "missing_shape", "units", (draft.add("units", None),)


def flat(draft):
    spot = draft.place("water", 5, 5)
    x, y = spot.centroid.coords[0]
    line = Polygon([(x, y), (x + 5, y), (x, y)])
    return "collapsed", "water", (draft.add("water", line),)


def twice(draft):
    row = draft.pick("residential")
    shape = draft.layers["residential"].geometry[row]
    return "repeated", "residential", (draft.add("residential", shape, like=row),)


def twins(draft):
    row = draft.pick("units")
    shape = draft.layers["units"].geometry[row]
    other = draft.add("units", shape, like=row, NAME="另一个单位")
    return "same_shape", "units", (row, other)


def shared(draft):
    """A new parcel on the western half of another one."""
    row = draft.pick("residential", lambda row: row.geometry.is_valid)
    shape = draft.layers["residential"].geometry[row]
    west, south, east, north = shape.bounds
    half = shape.intersection(box(west, south, (west + east) / 2, north))
    return "overlap", "residential", (row, draft.add("residential", half, like=row))


def thread(draft):
    spot = draft.place("water", 30, 0.2)
    return "sliver", "water", (draft.add("water", spot),)


def crack(draft):
    west, south, _, _ = draft.place("historic", 12.3, 9).bounds
    draft.add("historic", box(west, south, west + 6, south + 9))
    draft.add("historic", box(west + 6.3, south, west + 12.3, south + 9))
    return "gap", "historic", ()


def beyond(draft):
    row = draft.pick("residential")
    shape = draft.layers["residential"].geometry[row]
    west, south, _, _ = draft.ground.bounds
    moved = affinity.translate(
        shape, west - shape.bounds[2] - OUTSIDE_M, south - shape.bounds[3] - OUTSIDE_M
    )
    return "outside_built_up", "residential", (draft.add("residential", moved, like=row),)


def _green(draft):
    inside = draft.ground.buffer(-1)
    return draft.pick(
        "green",
        lambda row: str(row["绿地类型"])[:1] in "XRASBM" and inside.contains(row.geometry),
    )


def _coded(code, value):
    def plant(draft):
        row = _green(draft)
        draft.put("green", row, "绿地类型", value)
        return code, "green", (row,)

    return plant


def homonyms(draft):
    names = draft.layers["districts"]["DISTRICT"]
    draft.put("districts", 1, "DISTRICT", names[0])
    return "district_names", "districts", (0, 1)


def crowd(draft):
    draft.edit("city", r"population = [\d_]+", "population = 123_456")
    return "population_disagreement", "districts", ()


def wild_park(draft):
    """A park of 12 x 12 m where green has no parcel."""
    draft_green = draft.layers["parks"].geometry.union_all()
    for _ in range(200):
        spot = draft.place("green", 12, 12)
        if draft_green.distance(spot) > 1:
            row = draft.add("parks", spot, NAME="野园")
            return "park_not_green", "parks", (row,)
    raise AssertionError("no room")


def no_crs(draft):
    draft.layers["footways"] = draft.layers["footways"].set_crs(None, allow_override=True)
    draft.changed.add("footways")
    return "refused_crs", "footways", ()


def no_column(draft):
    draft.edit("layers.roads", r'width = "WIDTH"', 'width = "WITDH"')
    return "refused_column", "roads", ()


def no_such_key(draft):
    draft.edit("city", r"\nregion", '\ncolour = "green"\nregion')
    return "refused_manifest", None, ()


def stray_point(draft):
    point = Point(*draft.ground.representative_point().coords[0])
    return "refused_geometry", "paths", (draft.add("paths", point),)


def no_file(draft):
    draft.edit("layers.entrances", r'path = "layers.gpkg"', 'path = "entrances.gpkg"')
    return "refused_input", "entrances", ()


BY_CLASS = {
    "comprehensive_park_per_capita",
    "community_park_per_capita",
    "comprehensive_parks_per_10k",
}
PEOPLE = frozenset({"park_area_per_capita", "greenway_length_per_10k", *BY_CLASS})
PARKS = frozenset({"park_area_per_capita", *BY_CLASS}) | {"service_coverage", "park_greening_share"}
WATER = frozenset({"park_greening_share", "square_greening_share"})  # less land in a park
DEFECTS = {  # how to plant it, and what a check makes of it: refused, or the numbers that change
    "spike": (spike, SAME),
    "blank": (blank, SAME),
    "flat": (flat, SAME),
    "twice": (twice, SAME),
    "twins": (twins, SAME),
    "shared": (shared, SAME),
    "thread": (thread, WATER),
    "crack": (crack, SAME),
    "beyond": (beyond, SAME),
    "unknown code": (_coded("class_unknown", "Q9"), REFUSED),
    "code of 2002": (_coded("class_editions_mixed", "G46"), REFUSED),
    "green named park": (_coded("green_not_park", "G13"), SAME),
    "homonyms": (homonyms, SAME),
    "crowd": (crowd, PEOPLE),
    "wild park": (wild_park, PARKS),
    "no crs": (no_crs, REFUSED),
    "no column": (no_column, REFUSED),
    "no such key": (no_such_key, REFUSED),
    "stray point": (stray_point, REFUSED),
    "no file": (no_file, REFUSED),
}


def without_images(folder):
    """Leave the images out of a manifest, so that coverage comes from the canopy polygons."""
    path = folder / "city.toml"
    head, _, rest = path.read_text(encoding="utf-8").partition("[[image]]")
    path.write_text(head + "[declared]" + rest.partition("[declared]")[2], encoding="utf-8")
    for image in folder.glob("*.tif"):
        image.unlink()
    return folder


def plain(findings):
    return {(item.code, item.layer, item.rows) for item in findings}
