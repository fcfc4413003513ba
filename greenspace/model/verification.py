"""Verification: a folder of results held against what its inputs give today.

Question   Does this folder still say what its inputs say, and if not, what changed?
Enters     What the composer found.
Leaves     A frozen value.
Elsewhere  Finding it: verification. Holding two records against each other: evaluate/records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.errors import GreenspaceError

Leaf = float | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """One value of ``check.json`` that is another one today.

    Attributes
    ----------
    part
        Of the record: ``ratios``, ``verdicts``, ``overall``, ...
    indicator, zone
        Empty where the value belongs to none.
    key
        What of it: ``value``, ``numerator``, ``verdict``, ...
    """

    part: str
    indicator: str
    zone: str
    key: str
    old: Leaf
    new: Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A library, or this one, in another version than the folder was written with."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What became of a folder of results.

    Attributes
    ----------
    edited, lost
        Files of the folder that were changed, or removed, since it was written.
    inputs_changed, inputs_missing, inputs_new
        Inputs with another checksum, that are not there, and that were not read then.
    unlike
        Values that differ; to the last digit where `exact`, otherwise to 1e-9.
    refused
        Why nothing could be measured again, where inputs are no longer what they were.
    exact
        This library and those it measures with have the versions of then.
    words
        Sentences were compared, without their numbers where not `exact`.
    files, inputs
        How many ``run.json`` and ``check.json`` list.
    """

    folder: Path
    manifest: Path
    standard: str
    compared: int
    edited: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    inputs_changed: tuple[str, ...] = ()
    inputs_missing: tuple[str, ...] = ()
    inputs_new: tuple[str, ...] = ()
    unlike: tuple[Unlike, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    refused: GreenspaceError | None = None
    exact: bool = True
    words: bool = True
    files: int = 0
    inputs: int = 0

    @property
    def identical(self) -> bool:
        """Whether folder, inputs and numbers are what they were."""
        return self.refused is None and not any(
            (
                self.edited,
                self.lost,
                self.inputs_changed,
                self.inputs_missing,
                self.inputs_new,
                self.unlike,
            )
        )
