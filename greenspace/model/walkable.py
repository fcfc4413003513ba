"""Walkable: which ways people may walk, by class and tag.

Question   Can this way be walked, does it run over or under the ground?
Enters     Values of definitions/classes/walkable.toml.
Leaves     A frozen rule.
Elsewhere  The file: read/walkable. Holding lines against it: prepare/paths.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Walk = Literal["walked", "not_walked", "not_there", "unknown"]
APART = re.compile(r"[\[\]();,|'\"]+")
SPACED = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Walkable:
    """The classes and tags that decide whether a way is walked.

    Attributes
    ----------
    columns
        Where the class stands, the first that a layer has.
    walked, not_walked, not_there
        Classes; one in none is unknown. No tag opens what is not there.
    bridges, tunnels
        Classes of ways above and below ground.
    opens, closes, forbids
        Values by tag: what opens a way on foot, what closes it unless opened, and what closes it.

    Examples
    --------
    >>> rule = Walkable(("highway",), frozenset({"path"}), frozenset({"motorway"}))
    >>> [rule.walk(each) for each in ("path", "highway=motorway", "['motorway', 'path']", "?")]
    ['walked', 'not_walked', 'walked', 'unknown']
    """

    columns: tuple[str, ...]
    walked: frozenset[str]
    not_walked: frozenset[str]
    not_there: frozenset[str] = frozenset()
    bridges: frozenset[str] = frozenset()
    tunnels: frozenset[str] = frozenset()
    opens: Mapping[str, frozenset[str]] = field(default_factory=dict)
    closes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    forbids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def walk(self, value: str) -> Walk:
        """Return whether a class is walked; of several classes one that is walked decides."""
        parts = set(words_of(value))
        if parts & self.walked:
            return "walked"
        if not parts or parts - self.not_walked - self.not_there:
            return "unknown"
        return "not_walked" if parts & self.not_walked else "not_there"


def words_of(value: str) -> tuple[str, ...]:
    """Return the single values of a tag that may hold several, in lower case.

    Examples
    --------
    >>> words_of("['service', 'pedestrian']"), words_of("highway=Steps"), words_of(" 桥 ")
    (('service', 'pedestrian'), ('steps',), ('桥',))
    >>> words_of("主 干 路"), words_of("城市快速路（高架）")
    (('主干路',), ('城市快速路', '高架'))
    """
    plain = SPACED.sub("", unicodedata.normalize("NFKC", value))
    parts = (part.rpartition("=")[2].strip().lower() for part in APART.split(plain))
    return tuple(part for part in parts if part)
