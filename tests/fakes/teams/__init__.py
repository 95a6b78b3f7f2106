"""A fake Microsoft Teams: a server on this machine that plays all that Microsoft runs around a bot.

```python
async with FakeTeams.running(request_url="http://127.0.0.1:8080/api/messages") as teams:
    anna = teams.actor(teams.add_person("anna"))
    await anna.installs()
    await anna.types("help")
    await anna.presses("Say yes")
```

`python -m tests.fakes.teams` starts one to try a bot with by hand.
"""

from __future__ import annotations

from tests.fakes.teams.acting import Actor
from tests.fakes.teams.certificates import Certified, make_certificate
from tests.fakes.teams.delivering import Answered
from tests.fakes.teams.faults import Fault, Quota
from tests.fakes.teams.filling_in import CantDo
from tests.fakes.teams.forging import FORGERIES, Signing
from tests.fakes.teams.invoke_answers import BadAnswer
from tests.fakes.teams.reading import text_of
from tests.fakes.teams.server import FakeTeams
from tests.fakes.teams.state import Channel, Dialog, Person, Sent, Team
from tests.fakes.teams.tenant import Tenant

__all__ = [
    "FORGERIES",
    "Actor",
    "Answered",
    "BadAnswer",
    "CantDo",
    "Certified",
    "Channel",
    "Dialog",
    "FakeTeams",
    "Fault",
    "Person",
    "Quota",
    "Sent",
    "Signing",
    "Team",
    "Tenant",
    "make_certificate",
    "text_of",
]
