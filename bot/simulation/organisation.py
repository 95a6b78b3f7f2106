"""A made-up organisation over a year: who is in which team in which week, and what they think.

Nothing is measured from real people. What is known of real ones goes into the numbers: about 18 of
100 leave in a year, and the answers of one person to different questions go together. In one point
it is worse than life: nobody ever changes their mind, so whatever an attacker learns stays true.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.blocks import TeamNode, partition

WEEKS = 52
QUESTIONS = 20

SMALLEST_TEAM, LARGEST_TEAM = 5, 14
TEAMS_IN_A_DEPARTMENT = 6
SLOWEST_HIRE_WEEKS = 12
MOVING = 0.1  # the share of people who change teams in a year
REORGANISED_EVERY_WEEKS, REORGANISED_PER_PEOPLE = 8, 150  # half of one team goes to another

# What an answer from 1 to 5 is made of: standard deviations around the middle.
MIDDLE = 3.5
QUESTION_SD = 0.3
TEAM_SD = 0.35
TEAM_ON_A_QUESTION_SD = 0.18
TRAIT_SD = 0.63  # the same in all answers of a person, which makes them correlate by about 0.6
OPINION_SD = 0.55  # a person's own on one question
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of organisation. `turnover` is a share of a year, `answering` one of a round."""

    people: int
    turnover: float
    reorganises: bool = True
    answering: float = 0.75


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the organisation. `trait` says how content they are, lastingly; 0 is the middle.

    answers    the answer to each question, from 1 to 5
    answering  how likely they are to take part in a round
    joined     the week in which they came; below 0 for those who were there at the start
    """

    id: str
    trait: float
    answers: tuple[int, ...]
    answering: float
    joined: int


@dataclass(slots=True)
class _Team:
    id: str
    mood: float
    moods: tuple[float, ...]
    members: dict[str, Member]


class Organisation:
    """People in teams in departments; `pass_a_week` lets some leave, come, move."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self._shape = shape
        self._chance = random.Random(seed)  # noqa: S311 - a simulation
        self.question_means = [self._chance.gauss(MIDDLE, QUESTION_SD) for _ in range(QUESTIONS)]
        self._teams: dict[str, _Team] = {}
        self._vacancies: list[tuple[int, _Team]] = []
        self.everybody: dict[str, Member] = {}
        self.changing: set[str] = set()
        self.week = 0
        left = shape.people
        while left:
            size = min(left, self._chance.randint(SMALLEST_TEAM, LARGEST_TEAM))
            team = self._found_team()
            for _ in range(size):
                self._hire(team, joined=-WEEKS)
            left -= size

    def blocks(self, smallest: int) -> dict[str, tuple[Member, ...]]:
        """Block → its people, by the bot's own partition of the teams as they are this week."""
        teams = {team.id: team for team in self._teams.values() if team.members}

        def headcount(ids: Collection[str]) -> int:
            return sum(len(teams[one].members) for one in ids)

        groups = partition(self._tree(teams), teams, headcount, smallest)
        return {
            "+".join(sorted(group)): tuple(
                member for one in sorted(group) for member in teams[one].members.values()
            )
            for group in groups
        }

    def pass_a_week(self) -> None:
        """Let people leave and move, fill vacancies, and now and then re-organise."""
        self.week += 1
        for team in list(self._teams.values()):
            for member in list(team.members.values()):
                self._meet_fate(team, member)
        due = [team for week, team in self._vacancies if week <= self.week]
        self._vacancies = [one for one in self._vacancies if one[0] > self.week]
        for team in due:
            self.changing.add(self._hire(team, joined=self.week).id)
        if self._shape.reorganises and self.week % REORGANISED_EVERY_WEEKS == 0:
            for _ in range(max(1, self._shape.people // REORGANISED_PER_PEOPLE)):
                self._reorganise()

    def _tree(self, teams: Collection[str]) -> list[TeamNode]:
        departments = {_department(one) for one in teams}
        nodes = [TeamNode("top", "top", None)]
        nodes += [TeamNode(one, one, "top") for one in sorted(departments)]
        return nodes + [TeamNode(one, one, _department(one)) for one in sorted(teams)]

    def _meet_fate(self, team: _Team, member: Member) -> None:
        fate = self._chance.random() * WEEKS
        if fate >= self._shape.turnover + MOVING:
            return
        del team.members[member.id]
        self.changing.add(member.id)
        if fate < self._shape.turnover:
            wait = self._chance.randint(1, SLOWEST_HIRE_WEEKS)
            self._vacancies.append((self.week + wait, team))
        else:
            self._chance.choice(list(self._teams.values())).members[member.id] = member

    def _reorganise(self) -> None:
        if len(self._teams) == 1:
            return
        giving, taking = self._chance.sample(list(self._teams.values()), 2)
        for one in self._chance.sample(sorted(giving.members), len(giving.members) // 2):
            taking.members[one] = giving.members.pop(one)
            self.changing.add(one)

    def _found_team(self) -> _Team:
        mood = self._chance.gauss(0, TEAM_SD)
        moods = tuple(self._chance.gauss(mood, TEAM_ON_A_QUESTION_SD) for _ in range(QUESTIONS))
        team = _Team(f"t{len(self._teams):05}", mood, moods, {})
        self._teams[team.id] = team
        return team

    def _hire(self, team: _Team, joined: int) -> Member:
        trait = self._chance.gauss(0, TRAIT_SD)
        answers = tuple(
            self._answer(middle + mood + trait)
            for middle, mood in zip(self.question_means, team.moods, strict=True)
        )
        member = Member(
            id=f"p{len(self.everybody):06}",
            trait=trait + team.mood,
            answers=answers,
            answering=self._propensity(),
            joined=joined,
        )
        self.everybody[member.id] = team.members[member.id] = member
        return member

    def _answer(self, middle: float) -> int:
        return min(HIGHEST, max(LOWEST, round(self._chance.gauss(middle, OPINION_SD))))

    def _propensity(self) -> float:
        """Some nearly always answer and some hardly ever; on average as the shape says."""
        spread = 3.0
        mean = self._shape.answering
        return self._chance.betavariate(spread * mean, spread * (1 - mean)) if mean < 1 else 1.0


def _department(team_id: str) -> str:
    return f"d{int(team_id[1:]) // TEAMS_IN_A_DEPARTMENT:05}"
