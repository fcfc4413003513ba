"""Old trees: which grade a tree has at its age, by schemes that disagree.

Question   Of which grade is a tree of this age?
Enters     An age in years, and whether the tree is famous.
Leaves     The grade's name, or ``None`` where the tree is too young for any.
Elsewhere  The schemes: read/old_trees. The list of a city's trees: green_ledgers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenspace.model.definition import Mark
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeScheme:
    """One scheme: the least age of each grade, the highest first, and the grade of fame.

    Examples
    --------
    >>> from greenspace.model.words import Text
    >>> first, reserve = Text("一级", "I"), Text("后备", "reserve")
    >>> scheme = TreeScheme(id="city", name=Text("城市", "city"), mark="verified", address="",
    ...                     grades=((300.0, first), (50.0, reserve)))
    >>> scheme.grade(300.0).en, scheme.grade(299.0).en, scheme.grade(49.0)
    ('I', 'reserve', None)
    """

    id: str
    name: Text
    mark: Mark
    address: str
    grades: tuple[tuple[float, Text], ...]
    famous: Text | None = None

    def grade(self, age: float, *, famous: bool = False) -> Text | None:
        """Return the highest grade whose least age this is; NaN has none.

        A `famous` tree has the grade that the scheme gives to fame whatever its age, if any.
        """
        if famous and self.famous is not None:
            return self.famous
        return next((name for least, name in self.grades if age >= least), None)
