"""Invented words, names and sentences for large databases. They look like nobody's, and are the same every time."""

from __future__ import annotations

from itertools import accumulate
from random import Random

_CONSONANTS, _VOWELS = "bdfglmnprstvz", "aeiou"
_MIDDLES, _ENDS = ("l", "r", "st", "n", "v", "zz", "nd"), ("nd", "rl", "sc", "tt", "v", "gn")
#: so many words there are; the first come often, the last seldom
VOCABULARY = 4_000


class Invention:
    """Makes up texts; the same seed makes up the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing here is a secret
        words = Random(0)  # noqa: S311 - whatever the seed, the vocabulary is one
        self._words = sorted({_word(words) for _ in range(VOCABULARY * 2)})[:VOCABULARY]
        words.shuffle(self._words)
        self._often = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def words(self, count: int) -> str:
        """Some words, as unevenly frequent as those of a language."""
        return " ".join(self._random.choices(self._words, cum_weights=self._often, k=count))

    def sentence(self) -> str:
        """A sentence."""
        return self.words(self._random.randint(6, 14)).capitalize() + "."

    @staticmethod
    def company(number: int) -> str:
        """A company's name."""
        return f"{_word(Random(number)).capitalize()} {number} (inventata)"  # noqa: S311 - no secret

    @staticmethod
    def person(number: int) -> str:
        """A person's name."""
        made = Random(-number)  # noqa: S311 - no secret
        return f"{_word(made).capitalize()} {_word(made).capitalize()} {number}"


def _word(made: Random) -> str:
    vowels = [made.choice(_VOWELS) for _ in range(3)]
    return "".join(
        consonants + vowel
        for consonants, vowel in zip(
            (made.choice(_CONSONANTS), made.choice(_MIDDLES), made.choice(_ENDS)), vowels, strict=True
        )
    )
