"""An organisation that never keeps still, and what is published of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from tests.support.organisation import line

DEPARTMENTS = ("Care", "Homes")


@dataclass
class Organisation:
    """Teams by path with their members and their manager. Names are those of the roster.

    Somebody with a new address has a new name, such as `care-1~2`, and is the same human being.
    """

    chance: Random
    members: dict[str, list[str]] = field(default_factory=dict)
    manager: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    made: int = 0

    def lines(self) -> list[str]:
        """The roster file as it is now."""
        return [
            line("chief", "Office", ""),
            *(line(boss, path, "chief") for path, boss in self.manager.items()),
            *(
                line(name, path, self.manager[path])
                for path, names in self.members.items()
                for name in names
            ),
        ]

    def found(self, sizes: Iterable[int]) -> None:
        for number, size in enumerate(sizes):
            path = f"{DEPARTMENTS[number % 2]} / Team {number}"
            self.members[path] = [self._newcomer() for _ in range(size)]
            self.manager[path] = self._newcomer()

    def change(self) -> None:
        """One to three changes of any kind."""
        for _ in range(self.chance.randint(1, 3)):
            self.chance.choice(self._kinds())()

    def _kinds(self) -> list[Callable[[], None]]:
        return [
            self.join,
            self.leave,
            self.come_back,
            self.move,
            self.merge,
            self.split,
            self.rename,
            self.put_elsewhere,
            self.change_managers,
            self.change_address,
        ]

    # --- people ----------------------------------------------------------------------------

    def join(self) -> None:
        self.members[self._team()] += [self._newcomer() for _ in range(self._few())]

    def leave(self) -> None:
        self.left += self._take(self._team(), self._few())

    def come_back(self) -> None:
        self.members[self._team()] += self.left
        self.left = []

    def move(self) -> None:
        moving = self._take(self._team(), self._few())
        self.members[self._team()] += moving

    def change_address(self) -> None:
        path = self._team()
        self.members[path] += [renewed(name) for name in self._take(path, 1)]

    def change_managers(self) -> None:
        """Somebody of the team leads it from now on, and who led it is one of the team."""
        path = self._team()
        for name in self._take(path, 1):
            self.members[path].append(self.manager[path])
            self.manager[path] = name

    # --- teams -----------------------------------------------------------------------------

    def merge(self) -> None:
        """One team goes into another, its manager as one of them."""
        if len(self.members) > 3:
            gone, into = self.chance.sample(sorted(self.members), 2)
            self.members[into] += [*self.members.pop(gone), self.manager.pop(gone)]

    def split(self) -> None:
        path = max(self.members, key=lambda path: len(self.members[path]))
        moving = self._take(path, len(self.members[path]) // 2)
        new = f"{path.partition(' / ')[0]} / Team {self._number()}"
        self.manager[new], self.members[new] = moving[0], moving[1:]

    def rename(self) -> None:
        path = self._team()
        self._go_on(path, f"{path.partition(' / ')[0]} / Team {self._number()}")

    def put_elsewhere(self) -> None:
        """A whole department comes under another name, one level deeper."""
        department = self._team().partition(" / ")[0]
        for path in [path for path in self.members if path.startswith(f"{department} / ")]:
            name = path.rpartition(" / ")[2]
            self._go_on(path, f"Area {self.made} / {department} / {name}")

    def _go_on(self, path: str, new: str) -> None:
        self.members[new], self.manager[new] = self.members.pop(path), self.manager.pop(path)

    # --- chance ----------------------------------------------------------------------------

    def _team(self) -> str:
        return self.chance.choice(sorted(self.members))

    def _few(self) -> int:
        return self.chance.choice((1, 1, 1, 2, 5))

    def _take(self, path: str, how_many: int) -> list[str]:
        """Take some people out of a team, but leave it two."""
        names = self.members[path]
        taken = self.chance.sample(names, max(0, min(how_many, len(names) - 2)))
        self.members[path] = [name for name in names if name not in taken]
        return taken

    def _newcomer(self) -> str:
        return f"p{self._number()}"

    def _number(self) -> int:
        self.made += 1
        return self.made


def renewed(name: str) -> str:
    human, _, times = name.partition("~")
    return f"{human}~{int(times or 1) + 1}"


def human(name: str) -> str:
    """Who a name belongs to, whatever their address."""
    return name.partition("~")[0]
