from __future__ import annotations

import pytest

from bot.domain.wrapped_keys import Side, Signing, Verifying, Wrapping, new_secret
from bot.errors import KeyringError, KeysGone

SECRET = new_secret()
KEY = bytes(range(32))


def test_a_wrapped_key_comes_back_and_never_looks_the_same() -> None:
    wrapping = Wrapping("tallying", SECRET)
    wrapped = wrapping.wrap("r1", KEY)
    assert Wrapping("tallying", SECRET).unwrap("r1", wrapped) == KEY
    assert wrapping.wrap("r1", KEY) != wrapped
    assert KEY not in wrapped


def test_a_key_is_wrapped_for_one_round() -> None:
    wrapping = Wrapping("tallying", SECRET)
    with pytest.raises(KeysGone):
        wrapping.unwrap("r2", wrapping.wrap("r1", KEY))


@pytest.mark.parametrize(("one", "other"), [("collecting", "tallying"), ("tallying", "collecting")])
def test_a_key_is_wrapped_for_one_side_even_if_both_had_one_secret(one: Side, other: Side) -> None:
    with pytest.raises(KeyringError):
        Wrapping(other, SECRET).unwrap("r1", Wrapping(one, SECRET).wrap("r1", KEY))


def test_another_secret_is_told_from_a_damaged_key() -> None:
    wrapped = Wrapping("tallying", SECRET).wrap("r1", KEY)
    with pytest.raises(
        KeyringError, match="another secret than WELLBEING_TALLYING_SECRET"
    ) as other:
        Wrapping("tallying", new_secret()).unwrap("r1", wrapped)
    assert not isinstance(other.value, KeysGone)
    for damaged in (b"", wrapped[:10], wrapped[:-1], wrapped + b"!", wrapped[:-1] + b"\0\0"):
        with pytest.raises(KeysGone):
            Wrapping("tallying", SECRET).unwrap("r1", damaged)


def test_every_byte_of_a_wrapped_key_matters() -> None:
    wrapping = Wrapping("tallying", SECRET)
    wrapped = wrapping.wrap("r1", KEY)
    for place in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        with pytest.raises(KeyringError):
            wrapping.unwrap("r1", bytes(changed))


# --- signatures ----------------------------------------------------------------------------


def test_what_the_tallying_side_signed_is_verified_by_its_public_half() -> None:
    signing = Signing(SECRET)
    Verifying(signing.public).verify("r1", KEY, signing.sign("r1", KEY))


@pytest.mark.parametrize(("round_id", "key"), [("r2", KEY), ("r1", KEY[::-1]), ("r", b"1" + KEY)])
def test_a_signature_is_for_one_round_and_one_key(round_id: str, key: bytes) -> None:
    signing = Signing(SECRET)
    with pytest.raises(KeyringError, match="isn't signed"):
        Verifying(signing.public).verify(round_id, key, signing.sign("r1", KEY))


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63)])
def test_something_that_is_no_signature_verifies_nothing(signature: bytes) -> None:
    with pytest.raises(KeyringError):
        Verifying(Signing(SECRET).public).verify("r1", KEY, signature)


def test_the_public_half_tells_nothing_that_unwraps() -> None:
    public = Signing(SECRET).public
    assert public != SECRET
    with pytest.raises(KeyringError):
        Wrapping("tallying", public).unwrap("r1", Wrapping("tallying", SECRET).wrap("r1", KEY))


# --- secrets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    ["", "short", SECRET[:-1], SECRET + "A", SECRET + "=", " " + SECRET, "é" * 43, "!" * 43],
    ids=["none", "short", "cut", "longer", "padded", "spaced", "accents", "signs"],
)
def test_what_is_too_short_or_no_secret_is_refused_without_being_shown(secret: str) -> None:
    for make in (lambda: Wrapping("tallying", secret), lambda: Signing(secret),
                 lambda: Verifying(secret)):  # fmt: skip
        with pytest.raises(ValueError, match="wellbeing keys new") as caught:
            make()
        assert not secret or secret not in str(caught.value)


def test_secrets_are_new_each_time_and_never_printed() -> None:
    assert new_secret() != new_secret()
    shown = (
        f"{Wrapping('tallying', SECRET)!r} {Signing(SECRET)!r} {vars(Wrapping('tallying', SECRET))}"
    )
    assert SECRET not in shown
