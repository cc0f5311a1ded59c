"""Where webhooks may lead, how they are signed, and when they are tried again: pure functions."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from app.webhooks.addresses import (
    AddressRefused,
    Unresolved,
    check_address,
    check_url,
    checked_addresses,
)
from app.webhooks.retrying import (
    LONGEST_REST,
    MOST_WAIT,
    SCHEDULE,
    Outcome,
    next_attempt,
    read_retry_after,
    rest,
)
from app.webhooks.signatures import new_secret, rotated_out, sign, signing_secrets

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
FAILED = Outcome(0.1, status=500)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0",
        "169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.2.1", "198.18.0.1",
        "192.0.0.192", "192.88.99.1", "3fff::1",
        "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fec0::1", "fd00:ec2::254",
        "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(ip_address(address), loopback=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_a_public_address_is_not(address: str) -> None:
    check_address(ip_address(address), loopback=False)


@given(st.ip_addresses(network="10.0.0.0/8"), st.booleans())
def test_a_private_address_stays_refused_in_each_of_its_forms(
    address: object, loopback: bool
) -> None:
    for form in (f"{address}", f"::ffff:{address}", f"64:ff9b::{address}"):
        with pytest.raises(AddressRefused):
            check_address(ip_address(form), loopback=loopback)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_is_allowed_where_that_is_set(address: str) -> None:
    check_address(ip_address(address), loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/news",
        "https://me:secret@hooks.example/",
        "https://hooks.example/#part",
        "https://localhost/",
        "https://127.0.0.1:8443/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "ftp://hooks.example/",
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_when_it_is_set(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url, loopback=False)


@pytest.mark.parametrize("url", ["http://localhost:9000/", "http://127.0.0.1/", "https://[::1]/"])
def test_this_machine_may_be_sent_to_by_http_in_development(url: str) -> None:
    check_url(url, loopback=True)


@pytest.mark.parametrize("found", [["8.8.8.8", "10.0.0.1"], ["fe80::1%eth0"], ["::ffff:a00:1"]])
def test_a_name_is_refused_when_one_of_its_addresses_is(found: list[str]) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return found

    parts = check_url("https://hooks.example/", loopback=False)
    with pytest.raises(AddressRefused):
        asyncio.run(checked_addresses(parts, loopback=False, resolve=resolve))


def test_a_name_without_an_address_is_not_resolved() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    parts = check_url("https://hooks.example/", loopback=False)
    with pytest.raises(Unresolved):
        asyncio.run(checked_addresses(parts, loopback=False, resolve=resolve))


def test_a_signature_is_that_of_the_standard() -> None:
    headers = sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        '{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_both_secrets_sign_until_the_overlap_ends() -> None:
    old, new, at = new_secret(), new_secret(), datetime.now(UTC)
    former = rotated_out(old, None, timedelta(hours=1), at)
    during = sign(signing_secrets(new, former, at), "id", at, "{}")
    after = sign(signing_secrets(new, former, at + timedelta(hours=1)), "id", at, "{}")

    for secret in (old, new):
        assert Verifier(secret).verify("{}", during) == {}
    assert Verifier(new).verify("{}", after) == {}
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify("{}", after)


def test_a_second_rotation_prolongs_no_secret() -> None:
    first, second, third = new_secret(), new_secret(), new_secret()
    former = rotated_out(first, None, timedelta(hours=1), AT)
    former = rotated_out(second, former, timedelta(days=1), AT + timedelta(minutes=30))

    later = AT + timedelta(hours=1)
    assert signing_secrets(third, former, later - timedelta(seconds=1)) == (third, second, first)
    assert signing_secrets(third, former, later) == (third, second)
    assert rotated_out(second, former, timedelta(0), later) == []


@given(st.integers(1, 20), st.floats(0, 1))
def test_the_schedule_is_kept_with_some_jitter(made: int, chance: float) -> None:
    again = next_attempt(made, FAILED, AT, chance)

    if made > len(SCHEDULE):
        assert again is None
    else:
        assert again is not None
        assert SCHEDULE[made - 1] <= again - AT <= SCHEDULE[made - 1] * 1.2


@given(st.integers(1, 1000), st.integers(0, 10**12), st.floats(0, 1), st.integers(100, 599))
def test_a_receiver_is_waited_for_but_not_for_ever(
    failures: int, asked: int, chance: float, status: int
) -> None:
    outcome = Outcome(0.1, status=status, wait=read_retry_after(str(asked), AT))

    until = rest(failures, outcome, AT, chance)

    longest = max(min(timedelta(seconds=min(asked, 10**6)), MOST_WAIT), LONGEST_REST * 1.2)
    assert until is None or timedelta() < until - AT <= longest
    assert (until is None) == (failures < 3 and not asked and status not in (429, 502, 503, 504))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("120", 120),
        ("9" * 400, 86_400),
        (f"Mon, {'9' * 20} Jan 2024 00:00:00 GMT", None),
        (f"Mon, 1 Jan 2024 00:00:00 +{'9' * 17}", None),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("Sat, 20 Nov 2032 12:00:00 GMT", 86_400),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert read_retry_after(header, AT) == expected
