"""A fake Slack: a server on this machine that Slack's own clients can't tell from the real one.

```python
async with FakeSlack.running(request_url="http://127.0.0.1:8080/slack/events") as slack:
    anna = slack.actor(slack.add_user("anna"))
    await anna.runs("/wellbeing", "help")
    await anna.presses("Say yes")
```

`python -m tests.fakes.slack` starts one to try a bot with by hand.
"""

from __future__ import annotations

from tests.fakes.slack.acting import Actor
from tests.fakes.slack.delivering import SLACKS_RETRY_DELAYS_S, Answered, Parcel
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.filling_in import CantDo
from tests.fakes.slack.modals import BadAnswer
from tests.fakes.slack.reading import text_of
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.state import Channel, Group, Posted, User, View
from tests.fakes.slack.workspace import Workspace

__all__ = [
    "SLACKS_RETRY_DELAYS_S",
    "Actor",
    "Answered",
    "BadAnswer",
    "CantDo",
    "Channel",
    "FakeSlack",
    "Fault",
    "Group",
    "Parcel",
    "Posted",
    "User",
    "View",
    "Workspace",
    "text_of",
]
