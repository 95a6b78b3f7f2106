"""Who is in a workspace, and who of them is whom on the roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.availability import known_zone
from bot.text import isolated

# Of whoever neither a roster nor a platform says any.
ANY_LANGUAGE = "en"
# So many names are told in one problem; of the rest, how many they are.
MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account in a workspace: no bot, no guest, and not deactivated.

    email, zone, language  "" where the platform doesn't say
    """

    external_id: str
    name: str
    email: str = ""
    zone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class MemberGroup:
    """People whom the platform has together: a user group, or a channel that the bot is in.

    channel_id   where a summary for them goes; "" if there is no such place
    """

    name: str
    member_ids: frozenset[str]
    channel_id: str = ""


# --- who is whom ---------------------------------------------------------------------------


def connections(
    members: Iterable[Member], by_email: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, Member]:
    """Person → the member who they are.

    by_email  the roster: email, in small letters → person
    before    external id → the person whose account it was until now

    An email decides. Whoever has none there, or another by now, stays who they were: an account
    that changes its address is still the same account. Of two who claim one address, neither is
    connected by it: nobody gets what is meant for somebody else.
    """
    known = {member.external_id: member for member in members}
    claims = Counter(member.email.lower() for member in known.values())
    found: dict[str, Member] = {}
    for member in known.values():
        email = member.email.lower()
        if email in by_email and claims[email] == 1:
            found[by_email[email]] = member
    taken = {member.external_id for member in found.values()}
    for external_id, person_id in before.items():
        if external_id in known and external_id not in taken and person_id not in found:
            found[person_id] = known[external_id]
    return found


def shared_emails(members: Iterable[Member]) -> list[str]:
    """The addresses that more than one member has, in order."""
    times = Counter(member.email.lower() for member in members if member.email)
    return sorted(email for email, count in times.items() if count > 1)


def too_many(leaving: int, of: int) -> bool:
    """Whether so many going at once is more likely a mistake, such as half an answer.

    It is if more than ten people and more than a tenth of them go, or more than half. A team of
    twelve can lose three, and five hundred can lose fifty; nobody's workspace is emptied, and a
    large department doesn't go unseen because of a permission that was taken away.
    """
    return leaving > min(of / 2, max(10, of / 10))


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = len(names) - MOST_NAMES
    return ", ".join(map(isolated, names[:MOST_NAMES])) + (f" and {more} more" if more > 0 else "")


# --- what a platform says of somebody --------------------------------------------------------


def own_zone(said: str, otherwise: str) -> str:
    """The zone that a platform says, if it is one."""
    return said if known_zone(said) else otherwise


def own_language(said: str, languages: Collection[str], otherwise: str) -> str:
    """The language that a platform says, such as `cy` or `en-GB`, if there are texts in it."""
    tag = said.replace("_", "-").lower()
    found = (language for language in (tag, tag.partition("-")[0]) if language in languages)
    return next(found, otherwise)


# --- where a team's summary goes -------------------------------------------------------------


def places(
    wanted: Mapping[str, str], channels: Sequence[MemberGroup], before: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Team → its channel's id, and the teams whose channel isn't there.

    wanted  team → a channel's name, with or without #, or its id
    before  team → the id of the channel that it had until now

    A channel without a name couldn't be asked about: whoever had it keeps it.
    """
    ids = {channel.channel_id: channel.channel_id for channel in channels}
    names = {plain_name(channel.name): channel.channel_id for channel in channels if channel.name}
    nameless = {channel.channel_id for channel in channels if not channel.name}
    found = {
        team: place
        for team, channel in wanted.items()
        if (place := ids.get(channel) or names.get(plain_name(channel)))
    }
    for team in wanted.keys() - found.keys():
        if before.get(team) in nameless:
            found[team] = before[team]
    return found, sorted(wanted.keys() - found.keys())


def plain_name(channel: str) -> str:
    """A channel's name as it is compared."""
    return channel.strip().removeprefix("#").casefold()
