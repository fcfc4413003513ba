"""Editions: two standards held against each other, number by number.

Question   What does the later text ask for that the earlier one did not, and by how much more?
Enters     The printed lines of two levels.
Leaves     One Difference a number that is not the same; what is the same is left out.
Elsewhere  The lines of one standard: model/printed. Showing: present/standards_view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.model.printed import THRESHOLD, TIERS, Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenspace.model.printed import Change, Printed


def differences(first: Iterable[Printed], second: Iterable[Printed]) -> tuple[Difference, ...]:
    """Return what differs between one level of a standard and one of another.

    Lines meet where indicator, item and condition are the same.
    """
    before = {line.place: line for line in first}
    after = {line.place: line for line in second}
    found = []
    for place in [*before, *(place for place in after if place not in before)]:
        old, new = before.get(place), after.get(place)
        changes = _changes(old, new)
        if changes:
            found.append(Difference(first=old, second=new, changes=changes, by=_by(old, new)))
    return tuple(found)


def _changes(old: Printed | None, new: Printed | None) -> tuple[Change, ...]:
    if old is None:
        return ("only_second",)
    if new is None:
        return ("only_first",)
    number: Change = "tiers" if old.item == TIERS else "number"
    held: Sequence[tuple[Change, bool]] = (
        (number, old.said != new.said),
        ("comparison", old.operator != new.operator),
        ("mark", old.mark != new.mark),
        ("role", (old.gate, old.mandatory) != (new.gate, new.mandatory)),
    )
    return tuple(change for change, changed in held if changed and _own(change, old))


def _own(change: Change, line: Printed) -> bool:
    """Whether a change is told by this line: that of the row by its threshold alone."""
    return change != "role" or line.item == THRESHOLD


def _by(old: Printed | None, new: Printed | None) -> float | None:
    if old is None or new is None or len(old.said) != 1 or len(new.said) != 1:
        return None
    (before,), (after,) = old.said, new.said
    if isinstance(before, float) and isinstance(after, float) and before != after:
        return after - before
    return None
