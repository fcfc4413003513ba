"""Words: one sentence in the two languages that people here read.

Question   How is this said in Chinese, and how in English?
Enters     Both, written side by side.
Leaves     A Text that goes wherever people read.
Elsewhere  Choosing the language: cli, present/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English.

    Examples
    --------
    >>> Text(zh="绿地率", en="green-space ratio").of("en")
    'green-space ratio'
    """

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """Return the words in one language."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        """Return the English words, which are those of the code."""
        return self.en
