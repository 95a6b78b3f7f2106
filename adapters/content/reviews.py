"""What goes out of date by itself, such as phone numbers: who looks at it again, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from adapters.content.library import FALLBACK, PromptLibrary

# How long before a review is due its owner is told.
SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Review:
    """`todo` is what its owner has to do."""

    place: str
    owner: str
    review_by: date
    todo: str

    def is_overdue(self, today: date) -> bool:
        return self.review_by < today

    def is_soon(self, today: date) -> bool:
        """Whether it is due within a month, and not yet overdue."""
        return not self.is_overdue(today) and self.review_by - today <= SOON

    def finding(self, today: date) -> str:
        was = "was due for review on" if self.is_overdue(today) else "is due for review by"
        return f"{self.place} {was} {self.review_by}."

    @property
    def request(self) -> str:
        """What its owner is asked for."""
        return f"{self.owner}: please {self.todo}, then change reviewed_on and review_by."


NUMBERS: Final = "check every number"
WORDS: Final = "read every phrase"


def reviews(library: PromptLibrary) -> list[Review]:
    """Each file once."""
    return list(dict.fromkeys(_reviews(library)))


def _reviews(library: PromptLibrary) -> Iterator[Review]:
    for texts in library.languages.values():
        for region, found in sorted(texts.resource_lists.items()):
            country = region.partition("-")[0]  # its regions are in the same file
            place = f"{texts.language}/resources: {country}"
            yield Review(place, found.owner, found.review_by, NUMBERS)
        for words in texts.crisis_lists:
            yield Review(f"{words.language}/crisis_words.yaml", words.owner, words.review_by, WORDS)
    if own := library.languages[FALLBACK].own_resources:
        yield Review(own.place, own.owner, own.review_by, NUMBERS)
