"""Teams that have a new name or place: known by their people, since a roster file has no team ids.

A team that stays itself keeps its block, its channel, and its manager's way to a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

# The place of a team in the tree: the names from the top down.
Path = tuple[str, ...]


def renamed(
    before: Mapping[Path, Collection[str]], after: Mapping[Path, Collection[str]]
) -> dict[Path, Path]:
    """Old path → new path, of each team that goes on under another path.

    before  the teams that are gone, and who was directly in them
    after   the teams that are new, and who is directly in them

    It goes on where more than half of its people are, if they are more than half there: so no two
    teams become one, and no team two.
    """
    place_of = {person: path for path, people in after.items() for person in people}
    found: dict[Path, Path] = {}
    for old, people in before.items():
        places = Counter(place_of[person] for person in people if person in place_of)
        for new, both in places.items():
            if 2 * both > len(people) and 2 * both > len(after[new]):
                found[old] = new
    return found
