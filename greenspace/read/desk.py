"""Desk: where the files of one manifest are looked up and remembered.

Question   Which file do these words mean, what is its checksum, and which layer asked for it?
Enters     The manifest's folder and the words in it.
Leaves     Paths, sources with checksums, and refusals that name the manifest's layer.
Elsewhere  Opening the files: read/vector, read/raster.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.layers import LAYERS
from greenspace.model.source import Finding, Source
from greenspace.read.files import require_file, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Desk:
    """Where the files of one manifest are looked up, and what was noticed among them."""

    manifest: Path
    findings: list[Finding] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    checksums: dict[Path, str] = field(default_factory=dict)

    def find(self, written: str, role: str) -> Path:
        """Return the path behind a manifest's words; a backslash may stand for a slash."""
        folder = self.manifest.parent
        path = folder / written
        if not path.exists():
            path = folder / written.replace("\\", "/")
        with naming(role):
            return require_file(path)

    def keep(self, path: Path, role: str, layer: str | None = None) -> str:
        """Remember an input with its checksum, and return its name for people."""
        key = path.resolve()
        if key not in self.checksums:
            self.checksums[key] = sha256_of(path)
        name = _name_of(path, self.manifest.parent)
        self.sources.append(Source(role=role, name=name, layer=layer, sha256=self.checksums[key]))
        return name


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Say which layer of the manifest a refusal is about."""
    try:
        yield
    except InputError as error:
        title = LAYERS[name].title.zh if name in LAYERS else "影像"
        raise type(error)(
            f"{title}（{name}）：{error.problem.zh}",
            f"{name}: {error.problem.en}",
            remedy=error.remedy,
            file=error.file,
            layer=error.layer or name,
            column=error.column,
            rows=error.rows,
            expected=error.expected,
            found=error.found,
        ) from error


def _name_of(path: Path, folder: Path) -> str:
    try:
        return Path(relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.name
