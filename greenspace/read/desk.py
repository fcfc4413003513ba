"""Desk: where the files of one manifest are looked up and remembered.

Question   Which file do these words mean, what is its checksum, and which layer asked for it?
Enters     The manifest's folder and the words in it.
Leaves     Paths, sources with checksums, and refusals that name the manifest's layer.
Elsewhere  Opening the files: read/vector, read/raster.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from greenspace.errors import GreenspaceError, InputError
from greenspace.model.layers import LAYERS
from greenspace.model.source import Finding, Source, finding_of
from greenspace.read.database import is_database, redacted
from greenspace.read.files import name_from, require_file, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

FILES = {
    "stations": "气象站记录",
    "reference": "核查点",
    "population": "人口栅格",
    "species": "物种名录",
    "inspections": "自查记录",
    "zoning": "分区方案",
}


@dataclass(slots=True)
class Desk:
    """Where the files of one manifest are looked up, and what was noticed among them.

    Attributes
    ----------
    gathers
        Whether a refusal becomes a finding, so that everything is found in one pass.
    left_out
        Where refusals are gathered: the rows of each layer that could not go on.
    """

    manifest: Path
    gathers: bool = False
    findings: list[Finding] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    checksums: dict[Path, str] = field(default_factory=dict)
    left_out: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)

    def refuse(self, error: GreenspaceError, layer: str | None = None) -> None:
        """Stop at a problem, or keep it as a finding of a layer and let the rest go on."""
        if not self.gathers:
            raise error
        finding = finding_of(error)
        self.findings.append(replace(finding, layer=layer or finding.layer))

    @contextmanager
    def trying(self, layer: str | None = None) -> Iterator[None]:
        """Do without what is refused inside, where refusals are gathered."""
        try:
            yield
        except GreenspaceError as error:
            if not self.gathers:
                raise
            self.refuse(error, layer)

    def naming(self, role: str) -> AbstractContextManager[None]:
        """Say in a refusal which layer it is about; a finding has the layer beside it."""
        return nullcontext() if self.gathers else naming(role)

    def find(self, written: str, role: str) -> Path:
        """Return the path behind a manifest's words; a backslash may stand for a slash."""
        folder = self.manifest.parent
        if is_database(written):
            raise InputError(
                f"{role} 只能是文件，不能是数据库。",
                f"The {role} is a file and cannot come from a database.",
                file=redacted(written),
            )
        path = folder / written
        if not path.exists():
            path = folder / written.replace("\\", "/")
        with self.naming(role):
            return require_file(path)

    def keep(self, path: Path, role: str, layer: str | None = None) -> str:
        """Remember an input with its checksum, and return its name for people."""
        key = path.resolve()
        if key not in self.checksums:
            self.checksums[key] = sha256_of(path)
        name = name_from(path, self.manifest.parent)
        self.sources.append(Source(role=role, name=name, layer=layer, sha256=self.checksums[key]))
        return name

    def keep_rows(self, url: str, role: str, picked: str | None, sha256: str | None) -> None:
        """Remember an input that came from a database: a table, or a query, and its digest."""
        self.sources.append(Source(role=role, name=redacted(url), layer=picked, sha256=sha256))


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Say which layer of the manifest a refusal is about."""
    try:
        yield
    except InputError as error:
        title = LAYERS[name].title.zh if name in LAYERS else FILES.get(name, "影像")
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
