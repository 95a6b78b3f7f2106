"""`wellbeing slack manifest`, `keys vault` and `doctor`, as somebody would type them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from adapters.slack.installations import Installed, VaultInstallations
from adapters.slack.manifest import scopes
from bot.store.database import Database, Lock
from bot.store.migrate import upgrade
from bot.store.vault import TableVault
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.shell import Shell

KEY = Fernet.generate_key().decode()
SECRET = "0123456789abcdef" * 2


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.site.bot_token().scopes = set(scopes("roster"))
        yield running


# --- manifest ------------------------------------------------------------------------------


async def test_the_manifest_needs_no_settings_but_an_address(shell: Shell) -> None:
    ran = await shell.run("slack", "manifest", "--public-url", "https://w.example.org/")
    made = json.loads(ran.out)
    events = made["settings"]["event_subscriptions"]
    assert events["request_url"] == "https://w.example.org/slack/events"
    assert list(shell.folder.iterdir()) == []


async def test_without_an_address_the_manifest_says_what_is_missing(shell: Shell) -> None:
    ran = await shell.run("slack", "manifest")
    assert (ran.status, ran.out) == (1, "")
    assert "PUBLIC_URL" in ran.err
    assert "--socket-mode" in ran.err
    ran = await shell.run("slack", "manifest", "--public-url", "http://w.example.org")
    assert ran.status == 1
    assert "--public-url can't be used" in ran.err


async def test_the_manifest_goes_by_the_settings_and_options_go_first(shell: Shell) -> None:
    settings = {
        "PUBLIC_URL": "https://w.example.org",
        "SLACK_CLIENT_ID": "1.2",
        "WELLBEING_SLACK_WORKSPACES": "T0001",
        "SLACK_CLIENT_SECRET": "s",
        "SLACK_APP_TOKEN": "xapp-fake",
        "WELLBEING_SECRET_KEY": KEY,
        "WELLBEING_TEAMS_FROM": "usergroups",
    }
    made = json.loads((await shell.run("slack", "manifest", **settings)).out)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["token_rotation_enabled"] is True
    assert "usergroups:read" in made["oauth_config"]["scopes"]["bot"]
    made = json.loads((await shell.run("slack", "manifest", "--http", **settings)).out)
    assert made["settings"]["socket_mode_enabled"] is False
    made = json.loads((await shell.run("slack", "manifest", "--one-workspace", **settings)).out)
    assert made["settings"]["token_rotation_enabled"] is False
    made = json.loads((await shell.run("slack", "manifest", "--socket-mode")).out)
    assert made["settings"]["socket_mode_enabled"] is True


# --- keys ----------------------------------------------------------------------------------


async def test_a_new_key_is_a_new_key_and_is_kept_nowhere(shell: Shell) -> None:
    keys = []
    for _ in range(2):
        ran = await shell.run("keys", "vault")
        found = re.search(r"^WELLBEING_SECRET_KEY=(\S+)$", ran.out, re.MULTILINE)
        assert found
        Fernet(found[1])
        keys.append(found[1])
    assert keys[0] != keys[1]
    assert list(shell.folder.iterdir()) == []


# --- doctor --------------------------------------------------------------------------------


async def test_a_check_up_without_slack_looks_at_what_there_is(shell: Shell) -> None:
    ran = await shell.run("doctor")
    assert (ran.status, ran.wrong) == (1, ["Database"])
    assert "wellbeing db upgrade" in ran.out
    assert list(shell.folder.iterdir()) == [], "a check-up makes nothing"
    upgrade(shell.url)
    ran = await shell.run("doctor")
    assert (ran.status, ran.wrong) == (0, [])
    assert ran.out.splitlines()[-1] == "All is well."


async def test_each_bad_setting_has_its_line(shell: Shell) -> None:
    ran = await shell.run("doctor", PORT="sesame", SLACK_BOT_TOKEN="sesame")
    assert (ran.status, ran.wrong) == (1, ["Settings"])
    assert "sesame" not in ran.out + ran.err
    ran = await shell.run("doctor", SLACK_BOT_TOKEN="sesame")
    assert ran.wrong == ["Settings", "Settings"]
    assert "sesame" not in ran.out + ran.err


async def test_keys_on_a_disk_or_open_to_others_are_found(shell: Shell, tmp_path: Path) -> None:
    upgrade(shell.url)
    shell.keys.chmod(0o755)
    ran = await shell.run("doctor")
    assert ran.wrong == ["Keys"]
    assert f"chmod 700 {shell.keys}" in ran.out


async def test_a_database_that_is_no_database_is_found(shell: Shell) -> None:
    (shell.folder / "wellbeing.db").write_bytes(b"this is no database at all" * 100)
    assert (await shell.run("doctor")).wrong == ["Database"]


async def test_texts_that_can_not_be_used_are_found(shell: Shell) -> None:
    upgrade(shell.url)
    ran = await shell.run("doctor", WELLBEING_PROMPTS="nowhere")
    assert (ran.status, ran.wrong) == (1, ["Texts"])


@pytest.mark.parametrize(("days", "wrong"), [(-1, ["Resources"]), (20, []), (90, [])])
async def test_numbers_that_are_due_for_review_are_found_with_their_owner(
    shell: Shell, days: int, wrong: list[str]
) -> None:
    upgrade(shell.url)
    due = datetime.now(UTC).date() + timedelta(days=days)
    (shell.folder / "own.yaml").write_text(
        f"{{source: Intranet, owner: Ann in HR, reviewed_on: 2026-01-01, review_by: {due}, "
        "resources: [{name: Employee assistance, text: Call us}]}",
        encoding="utf-8",
    )
    ran = await shell.run("doctor", WELLBEING_RESOURCES="own.yaml")
    assert (ran.status, ran.wrong) == (len(wrong), wrong)
    assert ("Ann in HR: please check every number" in ran.out) == (days < 30)


async def test_own_places_to_turn_that_can_not_be_used_are_found(shell: Shell) -> None:
    upgrade(shell.url)
    ran = await shell.run("doctor", WELLBEING_RESOURCES="nowhere.yaml")
    assert (ran.status, ran.wrong) == (1, ["Texts"])
    assert "Mend WELLBEING_RESOURCES" in ran.out


async def test_a_check_up_of_one_workspace_in_socket_mode(shell: Shell, slack: FakeSlack) -> None:
    upgrade(shell.url)
    settings = {
        "SLACK_API_URL": f"{slack.site.url}/api",
        "SLACK_BOT_TOKEN": slack.site.bot_token().value,
        "SLACK_APP_TOKEN": slack.site.app.app_token,
    }
    ran = await shell.run("doctor", **settings)
    assert (ran.status, ran.wrong) == (0, []), ran.out
    for secret in settings.values():
        assert secret not in (ran.out + ran.err).replace(f"{slack.site.url}/api/", "")
    slack.site.bot_token().scopes -= {"chat:write"}
    ran = await shell.run("doctor", **settings)
    assert (ran.status, ran.wrong) == (1, ["Scopes"])


async def test_a_check_up_says_what_was_wrong_when_who_is_there_was_read(
    shell: Shell, slack: FakeSlack
) -> None:
    upgrade(shell.url)
    settings = {
        "SLACK_API_URL": f"{slack.site.url}/api",
        "SLACK_BOT_TOKEN": slack.site.bot_token().value,
        "SLACK_APP_TOKEN": slack.site.app.app_token,
        "WELLBEING_TEAMS_FROM": "usergroups",
    }
    slack.site.bot_token().scopes = set(scopes("usergroups"))
    ann = slack.add_user("ann").id
    slack.workspace.add_group("housing", [ann])
    synced = await shell.run("roster", "sync", **settings)
    assert "'Housing' is led by nobody" in synced.out
    ran = await shell.run("doctor", **settings)
    assert (ran.status, set(ran.wrong)) == (1, {"Directory"})
    assert "'Housing' is led by nobody" in ran.out
    slack.workspace.add_group("housing-leads", [ann])
    assert (await shell.run("roster", "sync", **settings)).status == 0
    ran = await shell.run("doctor", **settings)
    assert (ran.status, ran.wrong) == (0, []), ran.out
    assert "slack:T0001 was read at" in ran.out


async def test_a_sync_leaves_it_to_whoever_is_at_it(shell: Shell, slack: FakeSlack) -> None:
    upgrade(shell.url)
    settings = {
        "SLACK_API_URL": f"{slack.site.url}/api",
        "SLACK_BOT_TOKEN": slack.site.bot_token().value,
        "SLACK_APP_TOKEN": slack.site.app.app_token,
    }
    database = Database(shell.url)
    async with database.alone(Lock.SYNCING_SLACK):
        synced = await shell.run("roster", "sync", **settings)
    await database.close()
    assert synced.status == 0
    assert "The bot is asking just now, and asks again" in synced.out
    assert slack.calls("users.list") == []


async def test_a_check_up_of_many_workspaces(shell: Shell, slack: FakeSlack) -> None:
    upgrade(shell.url)
    settings = {
        "SLACK_API_URL": f"{slack.site.url}/api/",
        "SLACK_CLIENT_ID": slack.site.app.client_id,
        "WELLBEING_SLACK_WORKSPACES": "T0001",
        "SLACK_CLIENT_SECRET": slack.site.app.client_secret,
        "SLACK_APP_TOKEN": slack.site.app.app_token,
        "PUBLIC_URL": "https://w.example.org",
        "WELLBEING_SECRET_KEY": KEY,
    }
    ran = await shell.run("doctor", **settings)
    assert ran.wrong == ["Workspaces"]
    assert "https://w.example.org/slack/install" in ran.out
    await keep(shell.url, slack)
    ran = await shell.run("doctor", **settings)
    assert (ran.status, ran.wrong) == (0, []), ran.out
    settings["WELLBEING_SECRET_KEY"] = Fernet.generate_key().decode()
    ran = await shell.run("doctor", **settings)
    assert ran.wrong == ["Token"]
    assert slack.site.bot_token().value not in ran.out + ran.err


async def keep(url: str, slack: FakeSlack) -> None:
    """As if the app had been installed in the first workspace."""
    database, clock = Database(url), StillClock(datetime.now(UTC))
    installations = VaultInstallations(TableVault(database, [KEY]))
    await installations.keep(
        Installed(
            team_id="T0001",
            team_name="Example",
            app_id="A0001",
            bot_id="B0001",
            bot_user_id="U0001",
            scopes="",
            installed_at=clock.now().timestamp(),
            bot_token=slack.site.bot_token().value,
        )
    )
    await database.close()
