"""Rolling ball: the outline of a round buffer from what a rolling disc touches, compiled.

Question   Which line is a distance away from a ring, on its outer side?
Enters     Closed rings, one after another, and a radius each.
Leaves     The outline of each; nothing for a ring that has to be cut first.
Elsewhere  Parts, holes and cutting: measure/round_buffer.

Only what a disc of the radius touches when it rolls around a ring shapes the buffer: the convex
hull, and in each pocket behind an edge of the hull those points that stay on a stack, as in
Graham's scan with discs in place of lines (half circles of one radius that are moved along cross
once, so the order along the pocket is the order of their arcs). What stays has an arc each, from
one centre of the disc to the next; between two points of one edge runs a straight line.

Inside the strip above its hull edge each pocket's outline moves forward only, and strips of two
edges do not meet: the outline is simple. It is the whole buffer as long as no pocket holds ground
that is further away than the radius, which is so if the pocket lies in a disc of that radius.
"""

from __future__ import annotations

from math import atan2, ceil, cos, floor, hypot, inf, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DIP_M, DIP = 0.02, 1e-4  # between samples of an edge, at most: metres, and of the radius
FLAT = 0.05  # of a dip: pockets this shallow are no pockets
SNUG = 0.98  # of the radius: a disc that a pocket fits in, less a margin for rounding
WHOLE = 1.0 / 3.0  # of a step: arcs this short are drawn as their chord
SAME, TIED = 1e-12, 1e-9  # points and centres, of the radius
ALIGNED = 1e-6  # directions, in radians
EIGHT = 8
DISC, EDGE, HULL = 0.0, 1.0, 2.0  # what lies between one point that is touched and the next


@njit(nogil=True, cache=True, error_model="numpy")
def outlines(
    points: Floats, firsts: Ints, radius: Floats, step: float
) -> tuple[Floats, Ints]:  # pragma: no cover - compiled
    """Return the outlines that are a radius away from closed rings, and where each begins.

    Parameters
    ----------
    points
        The vertices of all rings.
    firsts
        Where each ring begins among them, and the number of points.
    radius
        Of the disc that rolls around each ring, above 0.
    step
        The widest angle of one side of an arc, in radians.
    """
    drawn, used = np.empty((128 * len(radius) + 128, 2)), 0
    begins = np.zeros(len(radius) + 1, dtype=np.int64)
    for i in range(len(radius)):
        ring, middle = _local(points[firsts[i] : firsts[i + 1]])
        touched, number = _touched(ring, radius[i])
        if number:
            begin = used
            drawn, used = _draw(touched[:number], radius[i], step, drawn, used)
            for k in range(begin, used):
                drawn[k, 0] += middle[0]
                drawn[k, 1] += middle[1]
        begins[i + 1] = used
    return drawn[:used], begins


@njit(nogil=True, cache=True, error_model="numpy")
def _local(points: Floats) -> tuple[Floats, tuple[float, float]]:  # pragma: no cover - compiled
    """Return a ring around its middle, counter-clockwise, without repeated vertices."""
    west, south, east, north = _box(points)
    middle = (west + east) / 2.0, (south + north) / 2.0
    ring, number, area = np.empty_like(points), 0, 0.0
    for i in range(len(points) - 1):
        x, y = points[i, 0] - middle[0], points[i, 1] - middle[1]
        area += x * (points[i + 1, 1] - middle[1]) - y * (points[i + 1, 0] - middle[0])
        if number and ring[number - 1, 0] == x and ring[number - 1, 1] == y:
            continue
        ring[number, 0], ring[number, 1] = x, y
        number += 1
    last = number - 1
    if last > 0 and ring[0, 0] == ring[last, 0] and ring[0, 1] == ring[last, 1]:
        number -= 1
    if area < 0.0:
        for i in range(number // 2):
            for k in range(2):
                j = number - 1 - i
                ring[i, k], ring[j, k] = ring[j, k], ring[i, k]
    return ring[:number], middle


@njit(nogil=True, cache=True, error_model="numpy")
def _box(points: Floats) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    west = east = points[0, 0]
    south = north = points[0, 1]
    for i in range(1, len(points)):
        west, east = min(west, points[i, 0]), max(east, points[i, 0])
        south, north = min(south, points[i, 1]), max(north, points[i, 1])
    return west, south, east, north


@njit(nogil=True, cache=True, error_model="numpy")
def _hull(ring: Floats) -> Ints:  # pragma: no cover - compiled
    """Return the vertices of the convex hull, counter-clockwise."""
    order = _sorted(ring, _outer(ring))
    count = len(order)
    hull, size, least = np.empty(2 * count + 1, dtype=np.int64), 0, 1
    for k in range(2 * count - 1):
        if k == count:
            least = size
        now = order[k] if k < count else order[2 * count - 2 - k]
        while size > least and _turn(ring, hull[size - 2], hull[size - 1], now) <= 0.0:
            size -= 1
        hull[size] = now
        size += 1
    return hull[: max(size - 1, 1)]


@njit(nogil=True, cache=True, error_model="numpy")
def _sorted(ring: Floats, which: Ints) -> Ints:  # pragma: no cover - compiled
    """Return some vertices by x, those of one x by y."""
    order = which[np.argsort(ring[:, 0][which])]
    for i in range(1, len(order)):
        k, now = i, order[i]
        while k and ring[order[k - 1], 0] == ring[now, 0] and ring[order[k - 1], 1] > ring[now, 1]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = now
    return order


@njit(nogil=True, cache=True, error_model="numpy")
def _outer(ring: Floats) -> Ints:  # pragma: no cover - compiled
    """Return the vertices that are not inside the polygon of the outermost in eight directions."""
    far, most = np.zeros(EIGHT, dtype=np.int64), np.full(EIGHT, -inf)
    for i in range(len(ring)):
        x, y = ring[i, 0], ring[i, 1]
        for k, way in enumerate((-y, x - y, x, x + y, y, y - x, -x, -x - y)):
            if way > most[k]:
                far[k], most[k] = i, way
    outer, number = np.empty(len(ring), dtype=np.int64), 0
    for i in range(len(ring)):
        for k in range(EIGHT):
            a, b = far[k], far[k - 1]
            if a != b and _turn(ring, b, a, i) <= 0.0:
                outer[number] = i
                number += 1
                break
    return outer[:number] if number else far[:1]


@njit(nogil=True, cache=True, error_model="numpy")
def _turn(ring: Floats, a: int, b: int, c: int) -> float:  # pragma: no cover - compiled
    abx, aby = ring[b, 0] - ring[a, 0], ring[b, 1] - ring[a, 1]
    return float(abx * (ring[c, 1] - ring[a, 1]) - aby * (ring[c, 0] - ring[a, 0]))


@njit(nogil=True, cache=True, error_model="numpy")
def _touched(ring: Floats, radius: float) -> tuple[Floats, int]:  # pragma: no cover - compiled
    """Return x, y and what follows of all points that the disc touches; none if it must be cut."""
    hull = _hull(ring)
    touched, number = np.empty((2 * len(hull) + 16, 3)), 0
    flat = FLAT * min(DIP_M, DIP * radius)
    _, _, east, north = _box(ring)
    small = hypot(east, north) <= SNUG * radius
    for k in range(len(hull)):
        a, b = hull[k], hull[(k + 1) % len(hull)]
        number += 1
        touched = _roomy(touched, number)
        _put(touched, number - 1, ring[a, 0], ring[a, 1], HULL)
        edges = (b - a) % len(ring)
        length = hypot(ring[b, 0] - ring[a, 0], ring[b, 1] - ring[a, 1])
        if edges <= 1 or radius - sqrt(max(radius**2 - length**2 / 4.0, 0.0)) <= flat:
            continue
        pocket = _pocket(ring, a, edges, length)
        if -_box(pocket)[1] <= flat:
            continue
        if length > 2.0 * SNUG * radius or not (small or _snug(pocket, radius)):
            return touched, 0
        stack = _scan(_samples(pocket, length, radius), length, radius)
        touched, number = _add(touched, number, stack, ring[a], ring[b])
    return touched, number


@njit(nogil=True, cache=True, error_model="numpy")
def _pocket(ring: Floats, a: int, edges: int, length: float) -> Floats:  # pragma: no cover
    """Return a chain of the ring, along and (below 0) behind the line from its first to its last."""
    count, b = len(ring), (a + edges) % len(ring)
    x, y = (ring[b, 0] - ring[a, 0]) / length, (ring[b, 1] - ring[a, 1]) / length
    chain = np.empty((edges + 1, 2))
    for k in range(edges + 1):
        i = (a + k) % count
        u, v = ring[i, 0] - ring[a, 0], ring[i, 1] - ring[a, 1]
        chain[k, 0], chain[k, 1] = u * x + v * y, u * y - v * x
    chain[edges, 0], chain[edges, 1] = length, 0.0
    return chain


@njit(nogil=True, cache=True, error_model="numpy")
def _snug(pocket: Floats, radius: float) -> bool:  # pragma: no cover - compiled
    """Whether a pocket lies in a disc of the radius, so that all of it is reached."""
    low_x, low_y, high_x, high_y = _box(pocket)
    x, y = (low_x + high_x) / 2.0, (low_y + high_y) / 2.0
    for k in range(len(pocket)):
        if hypot(pocket[k, 0] - x, pocket[k, 1] - y) > SNUG * radius:
            return False
    return True


@njit(nogil=True, cache=True, error_model="numpy")
def _samples(chain: Floats, length: float, radius: float) -> Floats:  # pragma: no cover
    """Return points of a chain that the disc can touch: x, y and how many edges along.

    They lie in the disc that touches both ends; between two of them it dips by `DIP_M` at most.
    """
    gap = sqrt(8.0 * radius * min(DIP_M, DIP * radius))
    high = sqrt(radius**2 - length**2 / 4.0)
    found, number = np.empty((len(chain) + 16, 3)), 0
    for edge in range(len(chain) - 1):
        x, y = chain[edge, 0], chain[edge, 1]
        dx, dy = chain[edge + 1, 0] - x, chain[edge + 1, 1] - y
        u, v = x - length / 2.0, y - high
        a, b, c = dx * dx + dy * dy, u * dx + v * dy, u * u + v * v - radius**2
        root = b * b - a * c
        if root <= 0.0:
            continue
        first, last = max((-b - sqrt(root)) / a, 0.0), min((sqrt(root) - b) / a, 1.0)
        if last <= first:
            continue
        pieces = ceil((last - first) * sqrt(a) / gap)
        for k in range(pieces + (last < 1.0)):
            t = first + (last - first) * k / pieces
            number += 1
            found = _roomy(found, number)
            _put(found, number - 1, x + t * dx, y + t * dy, edge + t)
    return found[:number]


@njit(nogil=True, cache=True, error_model="numpy")
def _scan(samples: Floats, length: float, radius: float) -> Floats:  # pragma: no cover
    """Return those samples that the disc touches, from the first end to the last."""
    stack = np.empty((len(samples) + 2, 4))
    _put(stack, 0, 0.0, 0.0, 0.0)
    stack[0, 3], size = -inf, 1
    order = np.argsort(samples[:, 0].copy())
    for k in range(len(order) + 1):
        end = k == len(order)
        x, y = (length, 0.0) if end else (samples[order[k], 0], samples[order[k], 1])
        if hypot(x - stack[size - 1, 0], y - stack[size - 1, 1]) <= SAME * radius:
            continue
        cross = _cross(stack[size - 1], x, y, radius)
        while size > 1 and cross <= stack[size - 1, 3] + TIED * radius:
            size -= 1
            cross = _cross(stack[size - 1], x, y, radius)
        _put(stack, size, x, y, inf if end else samples[order[k], 2])
        stack[size, 3] = cross
        size += 1
    return stack[:size]


@njit(nogil=True, cache=True, error_model="numpy")
def _cross(top: Floats, x: float, y: float, radius: float) -> float:  # pragma: no cover
    """Return how far along the centre is of the disc that touches two points."""
    dx, dy = x - top[0], y - top[1]
    square = dx * dx + dy * dy
    rise = sqrt(max(radius * radius / square - 0.25, 0.0))
    return float((x + top[0]) / 2.0 - dy * rise)


@njit(nogil=True, cache=True, error_model="numpy")
def _add(
    touched: Floats, number: int, stack: Floats, a: Floats, b: Floats
) -> tuple[Floats, int]:  # pragma: no cover - compiled
    """Add what was touched between the ends of a pocket, and what follows the first end."""
    x, y = b[0] - a[0], b[1] - a[1]
    length = hypot(x, y)
    x, y = x / length, y / length
    touched = _roomy(touched, number + len(stack))
    for k in range(len(stack) - 1):
        along, up, place = stack[k, 0], stack[k, 1], stack[k, 2]
        if k:
            _put(touched, number, a[0] + along * x + up * y, a[1] + along * y - up * x, DISC)
            number += 1
        following = stack[k + 1, 2]
        touched[number - 1, 2] = EDGE if place < following <= floor(place) + 1.0 else DISC
    return touched, number


@njit(nogil=True, cache=True, error_model="numpy")
def _roomy(rows: Floats, wanted: int) -> Floats:  # pragma: no cover - compiled
    """Return rows with room for as many as are wanted."""
    if wanted <= len(rows):
        return rows
    grown = np.empty((2 * wanted, rows.shape[1]))
    for i in range(len(rows)):
        for k in range(rows.shape[1]):
            grown[i, k] = rows[i, k]
    return grown


@njit(nogil=True, cache=True, error_model="numpy")
def _put(rows: Floats, row: int, x: float, y: float, what: float) -> None:  # pragma: no cover
    rows[row, 0], rows[row, 1], rows[row, 2] = x, y, what


@njit(nogil=True, cache=True, error_model="numpy")
def _draw(
    touched: Floats, radius: float, step: float, drawn: Floats, used: int
) -> tuple[Floats, int]:  # pragma: no cover - compiled
    """Draw the arcs around the points that were touched, and what lies between them."""
    begin, count = used, len(touched)
    leave, arrive, straight = _directions(touched, radius)
    for k in range(count):
        before = k - 1 if k else count - 1
        x, y = touched[k, 0], touched[k, 1]
        ux, uy, vx, vy = arrive[before, 0], arrive[before, 1], leave[k, 0], leave[k, 1]
        angle = atan2(ux * vy - uy * vx, ux * vx + uy * vy)
        if angle < -1.0 or count == 1:  # half a turn that rounding turned the other way, or a point
            angle += 2.0 * pi
        both = straight[before] and straight[k]
        steps = angle / step  # n sides of angle a stray by n / (n - 1) · a² / 12 of the radius
        sides = 1 if steps <= WHOLE else max(2, ceil(0.5 + sqrt(0.25 + steps * steps)))
        drawn = _roomy(drawn, used + sides + 3)
        if abs(angle) <= ALIGNED:  # the point before stands for this one too
            if straight[before] > straight[k]:
                used = _mark(drawn, used, x + radius * vx, y + radius * vy)
            continue
        if both and angle < 0.0:
            far = radius / (1.0 + ux * vx + uy * vy)
            used = _mark(drawn, used, x + far * (ux + vx), y + far * (uy + vy))
            continue
        if straight[before]:
            used = _mark(drawn, used, x + radius * ux, y + radius * uy)
        far = radius * _push(angle, sides)
        for side in range(1, sides):
            c, s = far * cos(angle * side / sides), far * sin(angle * side / sides)
            used = _mark(drawn, used, x + ux * c - uy * s, y + ux * s + uy * c)
        used = _mark(drawn, used, x + radius * vx, y + radius * vy)
    return drawn, _mark(drawn, used, drawn[begin, 0], drawn[begin, 1])


@njit(nogil=True, cache=True, error_model="numpy")
def _mark(drawn: Floats, used: int, x: float, y: float) -> int:  # pragma: no cover - compiled
    drawn[used, 0], drawn[used, 1] = x, y
    return used + 1


@njit(nogil=True, cache=True, error_model="numpy")
def _push(angle: float, sides: int) -> float:  # pragma: no cover - compiled
    """Return how far out the inner points of an arc go, for it to keep its area."""
    each, inner = angle / sides, sides - 2.0
    if inner < 0.0:
        return 1.0
    if inner == 0.0:
        return float(each / sin(each))
    return float((sqrt(1.0 + inner * angle / sin(each)) - 1.0) / inner)


@njit(nogil=True, cache=True, error_model="numpy")
def _directions(
    touched: Floats, radius: float
) -> tuple[Floats, Floats, NDArray[np.bool_]]:  # pragma: no cover - compiled
    """Return in which directions arcs end and begin, and whether a straight line follows.

    It does between two points of one edge, unless what is touched beside them takes up part of it.
    """
    count = len(touched)
    leave, arrive, normal = np.empty((count, 2)), np.empty((count, 2)), np.empty((count, 2))
    straight = np.empty(count, dtype=np.bool_)
    for k in range(count):
        after = (k + 1) % count
        x, y = touched[after, 0] - touched[k, 0], touched[after, 1] - touched[k, 1]
        length = hypot(x, y)
        nx, ny = (y / length, -x / length) if length else (1.0, 0.0)
        normal[k, 0], normal[k, 1] = nx, ny
        half = 0.0 if touched[k, 2] == HULL else length / 2.0 / radius
        high = sqrt(max(1.0 - half * half, 0.0))
        leave[k, 0], leave[k, 1] = high * nx - half * ny, high * ny + half * nx
        arrive[k, 0], arrive[k, 1] = high * nx + half * ny, high * ny - half * nx
    for k in range(count):
        before, after = k - 1 if k else count - 1, (k + 1) % count
        nx, ny = normal[k, 0], normal[k, 1]
        straight[k] = touched[k, 2] == HULL or (
            touched[k, 2] == EDGE
            and arrive[before, 0] * ny - arrive[before, 1] * nx >= 0.0
            and nx * leave[after, 1] - ny * leave[after, 0] >= 0.0
        )
    for k in range(count):
        if straight[k]:
            leave[k, 0], leave[k, 1] = normal[k, 0], normal[k, 1]
            arrive[k, 0], arrive[k, 1] = normal[k, 0], normal[k, 1]
    return leave, arrive, straight
