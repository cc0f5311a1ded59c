"""From which address a request comes, as far as that can be believed."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.addresses import address_of, client_of

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def client(sender: str | None, *forwarded: str, trusted: bool = True) -> str:
    headers = [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded]
    scope = {"client": sender and (sender, 4000), "headers": headers}
    return client_of(scope, TRUSTED if trusted else [])


@pytest.mark.parametrize(
    ("sender", "forwarded", "expected"),
    [
        pytest.param("192.0.2.1", ["198.51.100.1"], "192.0.2.1", id="not from a proxy"),
        pytest.param("10.0.0.1", [], "10.0.0.1", id="a proxy itself"),
        pytest.param("10.0.0.1", ["198.51.100.1"], "198.51.100.1", id="of a proxy"),
        pytest.param("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1", id="forged before"),
        pytest.param("10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1", id="two headers"),
        pytest.param("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1", id="two proxies"),
        pytest.param("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3", id="proxies alone"),
        pytest.param("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1", id="no address"),
        pytest.param("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1", id="with a port"),
        pytest.param("fd00::1", ["[2001:db8::5]:443"], "2001:db8::/64", id="IPv6 with a port"),
        pytest.param("2001:db8:0:1:a::1", [], "2001:db8:0:1::/64", id="a network of one client"),
        pytest.param("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1", id="IPv4 within IPv6"),
        pytest.param("testclient", ["198.51.100.1"], "unknown", id="a name"),
        pytest.param(None, ["198.51.100.1"], "unknown", id="none"),
    ],
)
def test_a_client_is_known_as_far_as_proxies_are_trusted(
    sender: str | None, forwarded: list[str], expected: str
) -> None:
    assert client(sender, *forwarded) == expected


@given(st.lists(st.text(st.characters(codec="latin-1"), max_size=30), max_size=4))
def test_without_trust_no_header_changes_who_it_is(forwarded: list[str]) -> None:
    assert client("192.0.2.1", *forwarded) == "192.0.2.1"
    assert client("10.0.0.1", *forwarded, trusted=False) == "10.0.0.1"


@given(st.ip_addresses(), st.text(st.characters(codec="latin-1"), max_size=30))
def test_what_comes_before_a_clients_own_address_changes_nothing(
    address: object, forged: str
) -> None:
    found = address_of(str(address))
    if not any(found in network for network in TRUSTED):
        assert client("10.0.0.1", f"{forged}, {address}") == client("10.0.0.1", str(address))
