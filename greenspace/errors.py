"""Everything greenspace refuses, in one tree.

Question   What was expected, what was found, where, and what is the next step?
Enters     Words in two languages and the facts behind them.
Leaves     One exception that is also a ValueError.
Elsewhere  Turning it into an exit code: cli.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from greenspace.model.words import Language

    Refuse = Callable[["GreenspaceError"], None]

ROWS_SHOWN = 5


class GreenspaceError(ValueError):
    """The base of all refusals; says what is wrong, where, and what to do next.

    Parameters
    ----------
    zh, en
        The problem, one sentence in each language.
    remedy
        The next step.
    file, layer, column, rows
        Where it is: facts that tests and callers can match on.
    expected, found
        What should have been there and what was.

    Examples
    --------
    >>> error = GreenspaceError("图层为空。", "The layer is empty.", layer="parks", rows=[3, 7])
    >>> str(error)
    'The layer is empty. (layer parks; rows 3, 7)'
    >>> error.rows
    (3, 7)
    """

    def __init__(
        self,
        zh: str,
        en: str,
        *,
        remedy: Text | None = None,
        file: str | Path | None = None,
        layer: str | None = None,
        column: str | None = None,
        rows: Iterable[object] = (),
        expected: object = None,
        found: object = None,
    ) -> None:
        self.problem = Text(zh=zh, en=en)
        self.remedy = remedy
        self.file = None if file is None else str(file)
        self.layer = layer
        self.column = column
        self.rows = tuple(rows)
        self.expected = expected
        self.found = found
        super().__init__(self.sentence("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        """Go into another process with everything that is told of it."""
        return _again, (type(self), *self.args), self.__dict__

    def sentence(self, language: Language) -> str:
        """Return problem, place and next step in one language."""
        parts = [self.problem.of(language)]
        where = self._where(language)
        if where:
            parts.append(f"({where})" if language == "en" else f"（{where}）")
        if self.remedy is not None:
            parts.append(self.remedy.of(language))
        return (" " if language == "en" else "").join(parts)

    def _where(self, language: Language) -> str:
        labels = {"file": "文件", "layer": "图层", "column": "字段"}
        facts = {"file": self.file, "layer": self.layer, "column": self.column}
        pieces = [
            f"{labels[key] if language == 'zh' else key} {value}"
            for key, value in facts.items()
            if value is not None
        ]
        if self.rows:
            shown = ", ".join(str(row) for row in self.rows[:ROWS_SHOWN])
            more = "…" if len(self.rows) > ROWS_SHOWN else ""
            pieces.append(f"{'行' if language == 'zh' else 'rows'} {shown}{more}")
        return ("; " if language == "en" else "；").join(pieces)


def _again(kind: type[GreenspaceError], *words: str) -> GreenspaceError:
    return kind.__new__(kind, *words)


class InputError(GreenspaceError):
    """Something the user gave cannot be used as it is."""


class CrsError(InputError):
    """A coordinate reference system is missing, differs or cannot measure."""


class GeometryError(InputError):
    """A layer holds shapes of the wrong kind, none at all, or in the wrong place."""


class RasterError(InputError):
    """An image cannot be read as it is described."""


class ColumnError(InputError):
    """A column is missing or holds values that cannot be used."""


class EncodingError(InputError):
    """Text cannot be decoded."""


class ManifestError(InputError):
    """The manifest of a city says something that cannot be followed."""


class DefinitionError(GreenspaceError):
    """An indicator, class table or profile is unknown or badly formed."""


class UnverifiedProfileError(GreenspaceError):
    """Only verified numbers were asked for, and the profile holds others."""


class MissingExtraError(GreenspaceError):
    """A feature needs a package that is not installed."""


def refuse(error: GreenspaceError) -> None:
    """Stop at a problem; whoever looks for all of them hands over a function that goes on."""
    raise error


class DataWarning(UserWarning):
    """A layer was changed so that it could be measured; the message counts how."""
