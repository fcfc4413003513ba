"""Page: a whole HTML page as a value that shows itself in a notebook.

Question   How does a result become something to look at, and a file, without a server?
Enters     The text of a page that asks nothing of the network.
Leaves     The page in a frame, or as a file.
Elsewhere  Making pages: present/interactive_page.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """One HTML page; it works without a network.

    Attributes
    ----------
    html
        The whole page as text.
    height
        Of the frame that a notebook shows it in, in pixels.

    Examples
    --------
    >>> Page("<p>城</p>")._repr_html_().partition(" sandbox")[0]
    '<iframe srcdoc="&lt;p&gt;城&lt;/p&gt;"'
    """

    html: str
    height: int = 640

    def save(self, path: Path | str, *, force: bool = False) -> Path:
        """Write the page as one HTML file, whole or not at all.

        Raises
        ------
        InputError
            The file exists and `force` is not set, or it could not be written.
        """
        from greenspace.present.folder import write_text_atomically

        return write_text_atomically(path, self.html, force=force)

    def __repr__(self) -> str:
        """Return its size, since the page itself is long."""
        return f"<Page: {len(self.html.encode()) / 1e6:.1f} MB of HTML>"

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts" width="100%" '
            f'height="{self.height}" style="border:1px solid #d5dcd6"></iframe>'
        )
