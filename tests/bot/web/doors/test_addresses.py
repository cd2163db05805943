import pytest

from bot.web.doors.addresses import Networks, one_client, shortened


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_client_is_an_address_or_a_subscribers_network(host: str, client: str) -> None:
    assert one_client(host) == client


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("203.0.113.7", "203.0.113.0"),
        ("::ffff:203.0.113.7", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("testclient", "-"),
        ("", "-"),
    ],
)
def test_only_the_network_of_an_address_is_written_down(host: str, written: str) -> None:
    assert shortened(host) == written


def test_networks_hold_addresses_in_every_way_of_writing_them() -> None:
    networks = Networks(["127.0.0.0/8", " 2001:db8::1 ", "10.0.0.9/24", "proxy.example"])
    assert "127.1.2.3" in networks
    assert "::ffff:127.1.2.3" in networks
    assert "2001:db8:0::1" in networks
    assert "10.0.0.77" in networks
    assert "203.0.113.7" not in networks
    assert "proxy.example" not in networks


def test_star_is_every_address_and_nothing_is_none() -> None:
    assert "203.0.113.7" in Networks(["*"])
    assert "127.0.0.1" not in Networks([""])
