"""`users.*`."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import Asked, method, page
from tests.fakes.slack.methods.conversations import READ, channel_json, channels_of_types
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import User


def profile_json(user: User, *, email: bool = True) -> Json:
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "avatar_hash": "",
    }
    return {**profile, "email": user.email} if email and user.email else profile


def user_json(
    site: Site, team_id: str, user: User, *, email: bool = True, locale: bool = False
) -> Json:
    """As `users.list` shows somebody. Of those who have left there is less."""
    shown: Json = {
        "id": user.id,
        "team_id": "" if user.is_stranger else team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile_json(user, email=email),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if not user.deleted:
        shown |= _living(site, user)
    if user.is_stranger:
        shown["is_stranger"] = True
    if locale:
        shown["locale"] = user.locale
    return shown


def _living(site: Site, user: User) -> Json:
    now = datetime.fromtimestamp(site.clock.now(), UTC).astimezone(ZoneInfo(user.tz))
    offset = now.utcoffset()
    return {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": now.tzname() or "",
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": True,
    }


def _shown(asked: Asked, user: User) -> Json:
    email, locale = asked.may("users:read.email"), asked.arguments.flag("include_locale")
    return user_json(asked.site, asked.workspace.id, user, email=email, locale=locale)


@method("users.list", "users:read", tier=2)
def list_all(asked: Asked) -> Json:
    # Without a limit Slack tries to give everybody, and refuses where they are too many.
    everybody = list(asked.workspace.users.values())
    some, metadata = page(asked, everybody, default=1_000)
    members = [_shown(asked, user) for user in some]
    now = int(asked.site.clock.now())
    return {"members": members, "cache_ts": now, "response_metadata": metadata}


@method("users.info", "users:read", tier=4)
def info(asked: Asked) -> Json:
    return {"user": _shown(asked, asked.person())}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(asked: Asked) -> Json:
    wanted = asked.arguments.required("email").lower()
    for user in asked.workspace.users.values():
        if user.email.lower() == wanted and not user.deleted:
            return {"user": _shown(asked, user)}
    raise Refused("users_not_found")


@method("users.profile.get", "users.profile:read", tier=4)
def profile_get(asked: Asked) -> Json:
    user = asked.person() if "user" in asked.arguments else asked.workspace.bot
    return {"profile": profile_json(user, email=asked.may("users:read.email"))}


@method("users.conversations", *READ)
def conversations(asked: Asked) -> Json:
    """Those of the bot, or those of somebody that the bot may know of."""
    workspace = asked.workspace
    whose = asked.person().id if "user" in asked.arguments else workspace.bot.id
    theirs = [each for each in channels_of_types(asked) if whose in each.members]
    some, metadata = page(asked, theirs)
    shown = [channel_json(each, workspace.bot.id) for each in some]
    return {"channels": shown, "response_metadata": metadata}
