"""Which addresses may be called: the SSRF cases, each by every way that it can be written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transports.http_out.policy import TargetPolicy, TargetRefused, check_target, is_public, judge_addresses

NOTHING_MORE = TargetPolicy()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.168.0.1/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://240.0.0.1/",
    ],
)
def test_an_address_of_our_own_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused, match="not a public address"):
        check_target(url, NOTHING_MORE)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "//hooks.example.com/",
        "/relative",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "https:///path",
        "https://:443/",
        "https://hooks.example.com:99999/",
        "https://user@hooks.example.com/",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com@10.0.0.1/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nX-Header: 1",
        "https://hooks.example.com/#part",
        "https://[::1",
        "https://hooks.example.com/" + "a" * 2000,
        "http://hooks.example.com/",
    ],
)
def test_what_is_no_safe_address_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        check_target(url, NOTHING_MORE)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/",
        "https://hooks.example.com:8443/a?b=c",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://172.15.255.255/",
        "https://172.32.0.1/",
        "https://100.63.255.255/",
        "https://100.128.0.1/",
        "https://169.253.255.255/",
        "https://1.example.com/",
    ],
)
def test_a_public_address_may_be_called(url: str) -> None:
    assert str(check_target(url, NOTHING_MORE)) == url


@pytest.mark.parametrize(
    ("allowed", "url", "may"),
    [
        (["127.0.0.1"], "http://127.0.0.1:8080/", True),
        (["127.0.0.1"], "http://127.0.0.2:8080/", False),
        (["10.1.0.0/16"], "http://10.1.255.255/", True),
        (["10.1.0.0/16"], "https://10.2.0.0/", False),
        (["hooks.lan"], "http://HOOKS.lan/", True),
        (["hooks.lan"], "http://other.lan/", False),
        (["*.lan"], "http://a.lan/", True),
        (["*.lan"], "http://lan/", False),
        (["::1"], "http://[::1]/", True),
        (["93.184.215.14"], "http://93.184.215.14/", True),
        ([], "http://93.184.215.14/", False),
    ],
)
def test_an_operator_allows_more_by_name_address_or_range(allowed: list[str], url: str, *, may: bool) -> None:
    policy = TargetPolicy.of(allowed)
    if may:
        assert check_target(url, policy).host
    else:
        with pytest.raises(TargetRefused):
            check_target(url, policy)


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "http://a", "a b", "", "2130706433", "10.0.0.1/8"])
def test_what_cannot_be_meant_is_not_allowed(entry: str) -> None:
    with pytest.raises(ValueError, match="no host name, address or range"):
        TargetPolicy.of([entry])


def test_one_bad_address_among_good_ones_refuses_a_name() -> None:
    good, bad = "93.184.215.14", "10.0.0.1"
    judge_addresses("hooks.example.com", [good], NOTHING_MORE)
    with pytest.raises(TargetRefused) as refused:
        judge_addresses("hooks.example.com", [good, bad], NOTHING_MORE)
    assert bad not in str(refused.value)
    judge_addresses("hooks.example.com", [good, bad], TargetPolicy.of(["10.0.0.0/24"]))
    judge_addresses("hooks.example.com", [bad], TargetPolicy.of(["hooks.example.com"]))


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_counts_as_itself(address: ipaddress.IPv4Address) -> None:
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        carrier = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(address))
        assert is_public(carrier) == is_public(address)
    assert is_public(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))) == is_public(address)
