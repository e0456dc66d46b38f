"""The HTTP client against real sockets: what it sends, what it refuses, how it ends."""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.errors import DeliveryFailed, OutcomeUnknown
from gateway.transports.http_out.client import HttpOut
from gateway.transports.http_out.policy import TargetPolicy, TargetRefused

LOOPBACK = TargetPolicy.of(["127.0.0.1"])
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Answers(AbstractResolver):
    """Resolves every name to the next address of a list, as a name server that changes its mind does."""

    def __init__(self, *addresses: str) -> None:
        self.left = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        address = self.left.pop(0)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=family or socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        return


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_a_request_arrives_as_it_is_and_the_answer_comes_back() -> None:
    seen: list[tuple[str, str, bytes, str]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append((request.method, request.path_qs, await request.read(), request.headers["X-Sign"]))
        return web.Response(status=202, text="taken", headers={"X-Id": "7"})

    async with serving(take) as port, HttpOut(LOOPBACK, timeout_seconds=5) as out:
        reply = await out.send("POST", f"http://127.0.0.1:{port}/a?b=%20c", body=b'{"a":1}', headers={"X-Sign": "s"})
    assert seen == [("POST", "/a?b=%20c", b'{"a":1}', "s")]
    assert (reply.status, reply.body, reply.headers["X-Id"], reply.accepted, reply.cut) == (
        202, b"taken", "7", True, False,
    )  # fmt: skip


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asked: list[str] = []

    async def lead_away(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound("http://169.254.169.254/latest/")

    async with serving(lead_away) as port, HttpOut(LOOPBACK, timeout_seconds=5) as out:
        reply = await out.send("POST", f"http://127.0.0.1:{port}/start")
    assert (reply.status, reply.accepted, asked) == (302, False, ["/start"])


async def test_of_a_long_answer_the_first_bytes_are_kept() -> None:
    async def pour(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 100_000)

    async with serving(pour) as port, HttpOut(LOOPBACK, timeout_seconds=5) as out:
        exact = await out.send("GET", f"http://127.0.0.1:{port}/", limit=100_000)
        cut = await out.send("GET", f"http://127.0.0.1:{port}/", limit=99_999)
    assert (len(exact.body), exact.cut) == (100_000, False)
    assert (len(cut.body), cut.cut) == (99_999, True)


async def test_who_does_not_answer_in_time_may_have_taken_it() -> None:
    ended = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    async with serving(hang) as port, HttpOut(LOOPBACK, timeout_seconds=0.2) as out:
        with pytest.raises(OutcomeUnknown, match=r"no answer in 0\.2 s"):
            await out.send("POST", f"http://127.0.0.1:{port}/")
        ended.set()


async def test_who_drips_an_answer_is_given_up_too() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b".")
            await asyncio.sleep(0.02)

    async with serving(drip) as port, HttpOut(LOOPBACK, timeout_seconds=0.3) as out:
        with pytest.raises(OutcomeUnknown):
            await out.send("GET", f"http://127.0.0.1:{port}/")


async def test_nobody_there_means_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        async with HttpOut(LOOPBACK, timeout_seconds=5) as out:
            with pytest.raises(DeliveryFailed, match="cannot be reached") as failed:
                await out.send("POST", f"http://127.0.0.1:{port}/")
    assert failed.value.retryable


async def test_a_name_that_changes_its_mind_is_judged_by_where_it_leads() -> None:
    """DNS rebinding: public when the address was saved, ours when it is called."""
    called: list[str] = []

    async def secret(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.Response(text="secret")

    names = Answers("93.184.215.14", "127.0.0.1")
    assert (await names.resolve("hooks.example.com"))[0]["host"] == "93.184.215.14"  # what a check before would see
    async with serving(secret) as port, HttpOut(TargetPolicy(), timeout_seconds=5, resolver=names) as out:
        with pytest.raises(TargetRefused):
            await out.send("POST", f"https://hooks.example.com:{port}/")
    assert called == []


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST"])
async def test_our_own_name_leads_nowhere(host: str) -> None:
    async with HttpOut(TargetPolicy(), timeout_seconds=5, resolver=Answers("127.0.0.1")) as out:
        with pytest.raises(TargetRefused, match="not a public address"):
            await out.send("POST", f"https://{host}/", body=b"{}")


async def test_an_allowed_name_may_lead_home() -> None:
    async def take(request: web.Request) -> web.Response:
        return web.Response(text=request.host)

    policy = TargetPolicy.of(["hooks.lan"])
    async with serving(take) as port, HttpOut(policy, timeout_seconds=5, resolver=Answers("127.0.0.1")) as out:
        reply = await out.send("GET", f"http://hooks.lan:{port}/")
    assert reply.body == f"hooks.lan:{port}".encode()


async def test_a_certificate_is_checked_against_the_authorities_that_are_named(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, tmp_path / "key.pem")

    async def take(_: web.Request) -> web.Response:
        return web.Response(text="safe")

    async with serving(take, tls) as port:
        url = f"https://127.0.0.1:{port}/"
        async with HttpOut(LOOPBACK, timeout_seconds=5) as out:
            with pytest.raises(DeliveryFailed, match="certificate"):
                await out.send("POST", url)
        async with HttpOut(LOOPBACK, timeout_seconds=5, ca_file=str(certificate)) as out:
            assert (await out.send("POST", url)).body == b"safe"


def _certificate(folder: Path) -> Path:
    """Write a certificate of 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path
