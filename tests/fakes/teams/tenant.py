"""One organisation, and what anybody did in its Teams."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.fakes.teams.ids import channel_id, guid, person_id, personal_chat_id
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.state import ADAPTIVE_CARD, Channel, Dialog, Person, Sent, Team


class Tenant:
    """`typing` are the conversations in which the bot was seen to type."""

    def __init__(self, name: str) -> None:
        self.id, self.name = guid("tenant", name), name
        self.people: dict[str, Person] = {}
        self.teams: dict[str, Team] = {}
        self.sent: dict[str, list[Sent]] = {}
        self.dialogs: dict[str, Dialog] = {}
        self.notices: dict[str, list[str]] = {}
        self.typing: list[str] = []
        self.kept: list[Json] = []
        self._shown: dict[tuple[str, str], Json] = {}
        # There may be thousands of people, and each call asks for one.
        self._known: dict[str, Person] = {}
        self._numbers = itertools.count(1)

    # --- making ----------------------------------------------------------------------------

    def add_person(self, handle: str, **details: Any) -> Person:
        """`handle` is like "anna" or "anna.ashby"; the rest follows, where it isn't given."""
        details.setdefault("name", handle.replace(".", " ").title())
        details.setdefault("id", person_id(self.id, handle))
        details.setdefault("aad_id", guid(self.id, handle))
        details.setdefault("chat_id", personal_chat_id(self.id, details["aad_id"]))
        details.setdefault("email", f"{handle}@example.org")
        given_name, _, surname = details["name"].partition(" ")
        person = Person(handle, given_name=given_name, surname=surname, **details)
        self.people[person.id] = person
        known_by = (handle, person.id, person.aad_id, person.chat_id, person.name, person.email)
        for name in filter(None, known_by):
            self._known.setdefault(name, person)
        return person

    def add_team(
        self, name: str, people: Sequence[Person | str] = (), *, has_bot: bool = False
    ) -> Team:
        team_id = channel_id(self.id, name)
        members = [self.person(each).id for each in people]
        general = Channel(team_id, "General")
        team = Team(team_id, name, guid(self.id, "team", name), [general], members, has_bot)
        self.teams[team.id] = team
        return team

    def add_channel(self, team: Team, name: str) -> Channel:
        channel = Channel(channel_id(team.id, name, str(next(self._numbers))), name)
        team.channels.append(channel)
        return channel

    # --- finding ---------------------------------------------------------------------------

    def person(self, who: Person | str) -> Person:
        """Somebody by one of their ids, their name or address."""
        if isinstance(who, Person):
            return who
        if (person := self._known.get(who)) is None:
            raise LookupError(f"there is nobody called {who} in {self.name}")
        return person

    def account(self, member_id: str) -> Person | None:
        """Somebody as the connector knows them, by the bot's id for them or their account's."""
        person = self._known.get(member_id)
        known = person is not None and member_id in {person.id, person.aad_id}
        return person if known else None

    def team(self, words: Team | str) -> Team:
        if isinstance(words, Team):
            return words
        for team in self.teams.values():
            if words in {team.id, team.name, team.group_id}:
                return team
        raise LookupError(f"there is no team called {words} in {self.name}")

    def channel(self, words: str) -> tuple[Team, Channel]:
        """A channel by its id, its name, or as "Team/Channel"."""
        for team in self.teams.values():
            for channel in team.channels:
                if words in {channel.id, channel.name, f"{team.name}/{channel.name}"}:
                    return team, channel
        raise LookupError(f"there is no channel called {words} in {self.name}")

    def place(self, conversation_id: str) -> Person | Team | None:
        """Whose chat or channel this is."""
        person = self._known.get(conversation_id)
        if person is not None and person.chat_id == conversation_id:
            return person
        for team in self.teams.values():
            if any(channel.id == conversation_id for channel in team.channels):
                return team
        return None

    def conversation_id(self, where: Person | str) -> str:
        """The personal chat of somebody, or a channel, by its id or name."""
        if isinstance(where, Person) or where in self._known:
            return self.person(where).chat_id
        return self.channel(where)[1].id

    def members_of(self, place: Person | Team) -> list[Person]:
        """Who is in a chat or a team, besides the bot and those who have left."""
        people = (
            [place] if isinstance(place, Person) else [self.people[id_] for id_ in place.members]
        )
        return [person for person in people if person.active]

    # --- messages --------------------------------------------------------------------------

    def messages(self, conversation_id: str) -> list[Sent]:
        return self.sent.setdefault(conversation_id, [])

    def message(self, conversation_id: str, message_id: str) -> Sent | None:
        found = (each for each in self.messages(conversation_id) if each.id == message_id)
        return next(found, None)

    def post(self, sent: Sent) -> Sent:
        self.messages(sent.conversation_id).append(sent)
        self._remember(sent)
        return sent

    def change(self, sent: Sent, **changes: Any) -> Sent:
        """Replace what a message says, for everybody."""
        changed = replace(sent, edited=True, **changes)
        kept = self.messages(sent.conversation_id)
        kept[kept.index(sent)] = changed
        self._shown = {key: card for key, card in self._shown.items() if key[0] != sent.id}
        self._remember(changed)
        return changed

    def remove(self, sent: Sent) -> None:
        self.messages(sent.conversation_id).remove(sent)

    def show(self, sent: Sent, person: Person, card: Json) -> None:
        """From now on this person sees another card in a message. It is kept all the same."""
        self._shown[sent.id, person.id] = card
        self.kept.append({"text": "", "attachments": [card]})

    def as_seen(self, sent: Sent, person: Person) -> Sent:
        if (card := self._shown.get((sent.id, person.id))) is None:
            return sent
        return replace(sent, attachments=[{"contentType": ADAPTIVE_CARD, "content": card}])

    def _remember(self, sent: Sent) -> None:
        """An eDiscovery search finds every version of what was in chat, and what was deleted."""
        self.kept.append(
            {"text": sent.text, "summary": sent.summary, "attachments": sent.attachments}
        )
