"""Layout: the lines that the city is hung on, and the blocks between them.

Question   Where do streets, river, railway and boundaries run, and what lies between?
Enters     A plan, a frame and a seed.
Leaves     Lines and polygons on the ground; blocks that touch and never overlap.
Elsewhere  What fills the blocks: parks, plots.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Polygon, box
from shapely.ops import polygonize

from greenspace.sample.frame import CENTRE, STEP_M, Frame, stream
from greenspace.sample.plan import WIDTHS_M, Plan, Street
from greenspace.sample.shapes import parts, polygons_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

REACH = 1.4  # how far lines run beyond the image before they are clipped, in halves
CORNER_M = 5.0
DISTRICT_NAMES = ("清源区", "临河区", "南岸区")
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Road:
    """One piece of a street: its centre line and the width between its red lines."""

    key: str
    name: str
    kind: str
    width_m: float
    line: LineString


@dataclass(frozen=True)
class Layout:
    """The skeleton of the city on the ground."""

    plan: Plan
    frame: Frame
    extent: Polygon
    roads: tuple[Road, ...]
    river: Polygon
    island: Polygon
    rail_line: LineString
    rail_area: Polygon
    footbridge: LineString
    built_up: Polygon
    districts: tuple[tuple[str, Polygon], ...]
    curves: Curves

    @cached_property
    def road_area(self) -> BaseGeometry:
        """All land between red lines, with rounded corners."""
        bands = [road.line.buffer(road.width_m / 2, cap_style="flat") for road in self.roads]
        return shapely.union_all(bands).buffer(CORNER_M, quad_segs=3).buffer(-CORNER_M, quad_segs=3)

    @cached_property
    def blocks(self) -> tuple[Polygon, ...]:
        """What streets, river and railway leave, inside the image."""
        taken = shapely.union_all([self.road_area, self.river, self.rail_area])
        return tuple(polygons_of(self.extent.difference(taken), least_m2=60.0))

    def place(self, at: Place) -> shapely.Point:
        """Return a place of the plan on the ground; near the river it follows the bends."""
        u, v = at
        level, _, _ = self.plan.river
        near = math.exp(-(((v - level) / (0.12 * self.plan.half_m)) ** 2))
        return self.frame.point(u, v + near * (self.curves["river"](u) - level))


class Curves(dict[str, "Callable[[float], float]"]):
    """Streets, river and railway as functions of the plan: ``curves["C"](v)`` is u."""

    def __init__(self, plan: Plan, seed: int) -> None:
        super().__init__()
        rng = stream(seed, "streets")
        half = plan.half_m
        level, swing, _ = plan.river
        phase = float(rng.uniform(-0.4, 0.4))
        self["river"] = lambda u: (
            level
            + swing * (math.sin(u / (0.30 * half) + phase) + 0.3 * math.sin(u / (0.13 * half)))
        )
        east, sway, _ = plan.rail
        self["rail"] = lambda v: east + sway * math.sin(v / (0.62 * half) + 0.6)
        self._axis = {street.key: street.axis for street in plan.streets} | {"river": "ew"}
        for street in plan.streets:
            self[street.key] = self._street(street, plan, rng)
        self._crossings: dict[tuple[str, str], Place] = {}

    def _street(
        self, street: Street, plan: Plan, rng: np.random.Generator
    ) -> Callable[[float], float]:
        at = street.at + float(rng.uniform(-1, 1)) * plan.jitter_m
        tilt = float(rng.uniform(-1, 1)) * plan.jitter_m * 1.5
        half = plan.half_m
        if street.key in {"QN", "QS"}:
            river, bulge = self["river"], 0.012 * half
            return lambda u: river(u) + street.at + bulge * math.sin(u / (0.16 * half) + tilt)
        return lambda t: at + tilt * t / half

    def crossing(self, ns: str, ew: str) -> Place:
        """Return where two streets meet: always the same pair of numbers."""
        if (ns, ew) not in self._crossings:
            u, v = 0.0, 0.0
            for _ in range(60):
                u, v = self[ns](v), self[ew](u)
            self._crossings[ns, ew] = (u, v)
        return self._crossings[ns, ew]

    def reach(self, street: Street, half_m: float) -> list[tuple[float, float]]:
        """Return from where to where the street runs, along its own axis."""
        along = 1 if street.axis == "ns" else 0

        def end(key: str, side: int) -> float:
            if key == "edge":
                return side * REACH * half_m
            pair = (street.key, key) if street.axis == "ns" else (key, street.key)
            return self.crossing(*pair)[along]

        return [(end(first, -1), end(last, 1)) for first, last in street.spans]

    def points(
        self, key: str, axis: str, span: tuple[float, float], knots: list[Place]
    ) -> list[Place]:
        """Return plan points along a curve: the knots exactly, and others between them."""
        along = 1 if axis == "ns" else 0
        curve = self[key]
        fixed = {knot[along]: knot for knot in knots if span[0] <= knot[along] <= span[1]}
        steps = np.arange(span[0], span[1] + STEP_M, STEP_M).clip(*span)
        for t in map(float, steps):
            if all(abs(t - other) > STEP_M / 3 for other in fixed):
                fixed[t] = (curve(t), t) if along else (t, curve(t))
        return [fixed[t] for t in sorted(fixed)]


def lay_out(plan: Plan, seed: int) -> Layout:
    """Return the skeleton of the city of one seed."""
    frame = Frame.of(plan.half_m, seed)
    curves = Curves(plan, seed)
    half = plan.half_m
    extent = box(CENTRE[0] - half, CENTRE[1] - half, CENTRE[0] + half, CENTRE[1] + half)
    far = (-REACH * half, REACH * half)
    rail = frame.line(curves.points("rail", "ns", far, []))
    districts = _districts(plan, frame, curves, _outline(plan, frame, seed))
    bridge = frame.line([curves.crossing("C", "QS"), curves.crossing("C", "QN")])
    return Layout(
        plan=plan,
        frame=frame,
        extent=extent,
        roads=_roads(plan, frame, curves, extent, seed),
        river=_river(plan, frame, curves).intersection(extent),
        island=_island(plan, frame, curves),
        rail_line=rail.intersection(extent),
        rail_area=rail.buffer(plan.rail[2], cap_style="flat").intersection(extent),
        footbridge=bridge,
        built_up=shapely.coverage_union_all([shape for _, shape in districts]),
        districts=districts,
        curves=curves,
    )


def _roads(
    plan: Plan, frame: Frame, curves: Curves, extent: Polygon, seed: int
) -> tuple[Road, ...]:
    reaches = {street.key: curves.reach(street, plan.half_m) for street in plan.streets}
    widths = stream(seed, "widths").choice([-2.0, 0.0, 0.0, 4.0], len(plan.streets))
    roads = []
    for street, extra in zip(plan.streets, map(float, widths), strict=True):
        width = (WIDTHS_M[street.kind] + extra) * plan.width_scale
        knots = _knots(street, plan, curves, reaches)
        for span in reaches[street.key]:
            uv = curves.points(street.key, street.axis, span, knots)
            roads += [
                Road(street.key, street.name, street.kind, width, line)
                for line in parts(frame.line(uv).intersection(extent))
            ]
    return tuple(roads)


def _knots(
    street: Street,
    plan: Plan,
    curves: Curves,
    reaches: dict[str, list[tuple[float, float]]],
) -> list[Place]:
    """Return the crossings with every street of the other axis that really gets there."""
    across = 0 if street.axis == "ns" else 1
    knots = []
    for other in plan.streets:
        if other.axis == street.axis:
            continue
        pair = (street.key, other.key) if street.axis == "ns" else (other.key, street.key)
        place = curves.crossing(*pair)
        if any(first <= place[across] <= last for first, last in reaches[other.key]):
            knots.append(place)
    return knots


def _river(plan: Plan, frame: Frame, curves: Curves) -> Polygon:
    half, width = plan.half_m, plan.river[2]
    u = np.arange(-REACH * half, REACH * half, STEP_M * 0.8)
    middle = np.array([curves["river"](float(t)) for t in u])
    wide = width * (1 + 0.16 * np.sin(u / (0.21 * half)))
    swell = 0.55 * width * np.exp(-(((u - plan.island[0]) / (1.6 * plan.island[1])) ** 2))
    north = np.column_stack([u, middle + wide + swell])
    south = np.column_stack([u, middle - wide - swell])[::-1]
    return Polygon(frame.ground(np.vstack([north, south])))


def _island(plan: Plan, frame: Frame, curves: Curves) -> Polygon:
    at, length, width = plan.island
    angle = np.linspace(0, 2 * math.pi, 36, endpoint=False)
    u = at + length * np.cos(angle)
    middle = np.array([curves["river"](float(t)) for t in u])
    v = middle + width * np.sin(angle) * (1 + 0.25 * np.sin(2 * angle))
    return Polygon(frame.ground(np.column_stack([u, v])))


def _outline(plan: Plan, frame: Frame, seed: int) -> Polygon:
    """Return the built-up area: a rounded, faceted shape, no plain square."""
    rng = stream(seed, "outline")
    angle = np.linspace(0, 2 * math.pi, 56, endpoint=False)
    radius = (np.abs(np.cos(angle)) ** 4 + np.abs(np.sin(angle)) ** 4) ** -0.25
    for order, size in ((3, 0.020), (5, 0.018), (7, 0.012)):
        radius += size * np.sin(order * angle + rng.uniform(0, 2 * math.pi))
    radius += rng.uniform(-0.012, 0.012, len(angle))
    radius *= 0.865 * plan.half_m
    return Polygon(frame.ground(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])))


def _districts(
    plan: Plan, frame: Frame, curves: Curves, outline: Polygon
) -> tuple[tuple[str, Polygon], ...]:
    """Return three districts cut by the river and by one street that ends at it."""
    far = REACH * plan.half_m
    meet = curves.crossing("C", "river")
    river = frame.line(curves.points("river", "ew", (-far, far), [meet]))
    street = frame.line(curves.points("C", "ns", (meet[1], far), [meet]))
    lines = shapely.union_all([outline.exterior, river, street])
    middle, level = meet
    named: dict[str, Polygon] = {}
    for shape in polygonize(lines):
        u, v = frame.plan_point(shape.representative_point())
        side = (0 if u < middle else 1) if v > level + (curves["river"](u) - level) else 2
        named[DISTRICT_NAMES[side]] = shape
    return tuple((name, named[name]) for name in DISTRICT_NAMES)
