"""Floating catchments (2SFCA) beside ``access`` of PySAL, and beside merges of pandas.

``python -m benchmarks.two_step`` makes 3 000 parks and 40 000 places of a city 30 km wide and
prints a table: seconds of all processors (CPU) and of the clock (wall), the ratio, and the goal.
The sums alone start, for all, from the same pairs of park and place with their distance; the
whole starts from geometry, as both measure from a place to the edge of a park. There ``access``
runs once and buffers parks by 64 segments, while ours also settles overlaps of parks, so digits
differ and the line has no goal; in the sums each peer's digits are held against ours.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

import greenspace as gs
from benchmarks.table import Table, Times, once, timed
from greenspace.measure.access import catchment_access, kernel_weights

if TYPE_CHECKING:
    from collections.abc import Callable

FULL, QUICK, REPEATS = 3_000, 100, 5
PLACES = 40 / 3  # a park
SIDE_M, RADIUS_M = 30_000.0, 2_000.0
CRS = "EPSG:4547"
WEST, SOUTH = 500_000.0, 3_300_000.0
SUMS_GOAL = 2.0
ALIKE = 1e-9


@dataclass(frozen=True)
class Town:
    """Parks with their m², places with their persons, and pairs of both within the radius."""

    parks: np.ndarray
    places: np.ndarray
    supply: np.ndarray
    persons: np.ndarray
    pairs: pd.DataFrame  # origin: place, dest: park, cost: m


def town(parks: int, seed: int = 0) -> Town:
    """Scatter parks and places as densely as in the full size."""
    draw = np.random.default_rng(seed)
    side = SIDE_M * (parks / FULL) ** 0.5
    middle = draw.uniform(0, side, (parks, 2))
    places = draw.uniform(0, side, (round(parks * PLACES), 2))
    near = KDTree(places).query_ball_point(middle, RADIUS_M)
    counts = [len(each) for each in near]
    dest, origin = np.repeat(np.arange(parks), counts), np.concatenate(near).astype(np.int64)
    cost = np.hypot(*(places[origin] - middle[dest]).T)
    supply = np.exp(draw.normal(np.log(8000), 1.0, parks)).clip(500, 2e6)
    persons = draw.integers(1, 500, len(places)).astype(float)
    pairs = pd.DataFrame({"origin": origin, "dest": dest, "cost": cost})
    return Town(middle, places, supply, persons, pairs)


def ours(place: Town) -> np.ndarray:
    """Share parks out with our sums, weights included."""
    pairs = place.pairs
    weight = kernel_weights(pairs["cost"].to_numpy(), RADIUS_M, "2sfca")
    found = catchment_access(
        pairs["dest"].to_numpy(),
        pairs["origin"].to_numpy(),
        weight,
        supply=place.supply,
        population=place.persons,
    )
    return found.per_person


def merged(place: Town) -> np.ndarray:
    """Share parks out as a script does: merge, group, merge, group."""
    pairs = place.pairs[place.pairs["cost"] <= RADIUS_M]
    people = pairs.assign(people=place.persons[pairs["origin"]]).groupby("dest")["people"].sum()
    ratio = pd.Series(place.supply, name="ratio").div(people)
    shares = pairs.merge(ratio.rename("ratio"), left_on="dest", right_index=True)
    given = shares.groupby("origin")["ratio"].sum()
    found: np.ndarray = given.reindex(range(len(place.places)), fill_value=0.0).to_numpy()
    return found


def layers(place: Town) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return square parks and points of places, as geometry."""
    half = np.sqrt(place.supply) / 2
    east, north = place.parks.T + np.array([[WEST], [SOUTH]])
    parks = shapely.box(east - half, north - half, east + half, north + half)
    points = shapely.points(place.places + np.array([WEST, SOUTH]))
    return (
        gpd.GeoDataFrame({"value": place.supply}, geometry=parks, crs=CRS),
        gpd.GeoDataFrame({"people": place.persons}, geometry=points, crs=CRS),
    )


def by_access(place: Town) -> np.ndarray:
    """Share parks out with ``access``, from the same pairs."""
    parks = pd.DataFrame({"value": place.supply})
    places = pd.DataFrame({"people": place.persons})
    kit = _kit(places, parks, {"cost_df": place.pairs, "cost_name": "cost"})
    return _shared(kit, len(places))


def whole_by_access(parks: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> np.ndarray:
    """Share parks out with ``access``, from geometry: from places to the edges of parks."""
    kit = _kit(places, parks, {})
    kit.create_euclidean_distance(threshold=RADIUS_M)
    return _shared(kit, len(places))


def _kit(places: pd.DataFrame, parks: pd.DataFrame, costs: dict[str, Any]) -> Any:
    from access import Access

    named = {"cost_origin": "origin", "cost_dest": "dest"} if costs else {}
    return Access(
        demand_df=places.rename_axis("origin"),
        demand_index=True,
        demand_value="people",
        supply_df=parks.rename_axis("dest"),
        supply_index=True,
        supply_value="value",
        **costs,
        **named,
    )


def _shared(kit: Any, count: int) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kit.two_stage_fca(name="shared", max_cost=RADIUS_M)
    given = kit.access_df["shared_value"].reindex(range(count)).fillna(0.0)
    return np.asarray(given)


def require_alike(name: str, mine: np.ndarray, theirs: np.ndarray) -> None:
    """Stop where a peer's access is not ours."""
    if not np.allclose(mine, theirs, rtol=ALIKE, atol=0):
        sys.exit(f"our access is not that of {name}")


def sums(table: Table, place: Town, repeats: int) -> None:
    """Compare the two steps alone, from the same pairs."""
    calls: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(place),
        "pandas": lambda: merged(place),
    }
    if find_spec("access") is not None:
        calls["access"] = lambda: by_access(place)
    for name, call in calls.items():
        require_alike(name, ours(place), call())
    times = timed(calls, repeats)
    mine = times.pop("ours")
    table.line("sums from pairs: ours", str(mine))
    for peer, each in times.items():
        table.line(f"sums from pairs: {peer}", str(each))
        goal = SUMS_GOAL if peer == "access" else None
        _ratio(table, f"sums: ours quicker than {peer}", peer, mine, each, goal=goal)


def whole(table: Table, place: Town, repeats: int) -> None:
    """Compare the way from geometry to access."""
    parks, places = layers(place)
    said = {"population": "people", "radius_m": RADIUS_M, "method": "2sfca"}
    mine = timed({"": lambda: gs.catchment_access(parks, places, **said)}, repeats)[""]
    table.line("from geometry: ours", str(mine))
    if find_spec("access") is None:
        table.line("from geometry: access", "not installed: skipped")
        return
    _, theirs = once(lambda: whole_by_access(parks, places))
    table.line("from geometry: access (once)", str(theirs))
    _ratio(table, "from geometry: ours quicker than access", "access", mine, theirs)


def _ratio(
    table: Table, name: str, peer: str, mine: Times, theirs: Times, *, goal: float | None = None
) -> None:
    cpu, wall = median(mine.cpu), median(mine.wall)
    quicker = median(theirs.cpu) / cpu
    table.line(
        name,
        f"CPU {quicker:.1f} x, wall {median(theirs.wall) / wall:.1f} x",
        goal="" if goal is None else f">= {goal:g} x",
        reached=goal is None or quicker >= goal,
        ours=cpu,
        theirs=median(theirs.cpu),
        unit="CPU s",
        peer=peer,
        ratio=quicker,
    )


def measure(parks: int, repeats: int) -> Table:
    """Print the table and return it."""
    table = Table(parks, full=FULL)
    place = town(parks)
    shown = f"{len(place.parks)} parks, {len(place.places)} places, {len(place.pairs)} pairs"
    table.line(f"town, within {RADIUS_M:g} m", shown)
    sums(table, place, repeats)
    whole(table, place, min(repeats, 3))
    return table.ended(f"--parks {FULL}")


def run(*, quick: bool = False) -> Table:
    """Run as `python -m benchmarks` does."""
    return measure(QUICK if quick else FULL, 1 if quick else REPEATS)


def main() -> int:
    """Run in the size asked for; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--parks", type=int, default=FULL, help="parks; places go with them")
    words.add_argument("--repeats", type=int, default=REPEATS)
    asked = words.parse_args()
    return 1 if measure(asked.parks, asked.repeats).missed else 0


if __name__ == "__main__":
    sys.exit(main())
