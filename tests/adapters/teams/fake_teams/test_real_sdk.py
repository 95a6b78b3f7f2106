"""That the real Bot Framework SDK works with the fake Teams as it is, by nothing but addresses."""

from __future__ import annotations

import pytest

from tests.fakes.teams import FORGERIES, Actor, FakeTeams, Signing
from tests.support.small_teams_bot import SmallTeamsBot


async def test_a_line_is_answered(bot: SmallTeamsBot, anna: Actor) -> None:
    answered = await anna.types("hello")

    assert answered.status == 200
    assert [each.text for each in anna.messages()] == ["hello", "You said hello"]
    activity = bot.last()
    assert activity["from"]["aadObjectId"] == anna.person.aad_id
    assert activity["conversation"]["tenantId"] == anna.tenant.id


@pytest.mark.parametrize("signing", FORGERIES)
async def test_what_isnt_from_teams_is_refused(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor, signing: Signing
) -> None:
    answered = await teams.sends(anna.line_of("hello"), signing=signing)

    assert answered.status == 401
    assert bot.heard == []
