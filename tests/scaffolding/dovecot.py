"""A real IMAP server with one mailbox, of a test's own: dovecot, in a folder, on free ports."""

from __future__ import annotations

import base64
import grp
import hmac
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from certificates import own_certificate
from imap_tools import MailBoxUnencrypted

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
USER, PASSWORD = "orders", "mailbox-password-7"
_KEY = b"the key that signs the tokens of tests"

_SETTINGS = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = yes
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain xoauth2
mail_location = maildir:{root}/mail
protocol imap {{
  imap_capability = {capability}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/home
}}
"""


class Dovecot(NamedTuple):
    port: int
    tls_port: int
    certificate: Path
    process: subprocess.Popen[bytes]

    @contextmanager
    def opened(self) -> Iterator[MailBoxUnencrypted]:
        """The mailbox as a person sees it."""
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=10).login(USER, PASSWORD) as box:
            yield box

    def put(self, *mails: bytes) -> None:
        with self.opened() as box:
            for mail in mails:
                box.append(mail)

    def count(self, folder: str) -> int:
        with self.opened() as box:
            return box.folder.status(folder)["MESSAGES"] if box.folder.exists(folder) else 0

    def look(self, folder: str) -> list[bytes]:
        with self.opened() as box:
            box.folder.set(folder)
            answers = [box.client.uid("FETCH", uid, "(BODY.PEEK[])")[1] for uid in box.uids()]
        return [one[1] for answer in answers for one in answer if isinstance(one, tuple)]

    def empty(self, *folders: str) -> None:
        with self.opened() as box:
            for folder in folders:
                if box.folder.exists(folder):
                    box.folder.set(folder)
                    box.delete(box.uids())


@contextmanager
def dovecot(capability: str = "") -> Iterator[Dovecot]:
    """Run a server; *capability* has it say less than it can."""
    assert PROGRAM is not None, "pytest_collection_modifyitems leaves these tests out where there is none"
    # Not pytest's folder: it is closed to the user that dovecot runs as when the tests run as root.
    root = Path(tempfile.mkdtemp(prefix="ordergate-dovecot-"))
    user = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        port, tls_port = one.getsockname()[1], other.getsockname()[1]
    (root / "server.pem").write_bytes(own_certificate())
    _trust(root)
    values = {"root": root, "user": user.pw_name, "group": grp.getgrgid(user.pw_gid).gr_name, "capability": capability}
    settings = _SETTINGS.format(**values, port=port, tls_port=tls_port, password=PASSWORD)
    (root / "dovecot.conf").write_text(settings)
    for name in ("mail", "home", "run", "state"):
        (root / name).mkdir()
        os.chown(root / name, user.pw_uid, user.pw_gid)
    root.chmod(0o755)
    with (root / "out").open("wb") as out:
        process = subprocess.Popen([PROGRAM, "-F", "-c", str(root / "dovecot.conf")], stdout=out, stderr=out)
    try:
        _wait(port, process, root)
        yield Dovecot(port, tls_port, root / "server.pem", process)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(root)


def _trust(root: Path) -> None:
    """Have the server take the tokens of :func:`token`; the key lies under who signs, how, and by which."""
    place = root / "keys" / "default" / "HS256"
    place.mkdir(parents=True)
    (place / "default").write_bytes(base64.b64encode(_KEY))
    settings = f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={root}/keys/\n"
    (root / "oauth2.conf").write_text(f"{settings}username_attribute = sub\n")


def token(user: str = USER, seconds: int = 3600) -> str:
    """Return an access token for a mailbox (RFC 7519)."""
    now = int(time.time())
    words = ({"alg": "HS256", "typ": "JWT"}, {"sub": user, "iat": now - 10, "exp": now + seconds})
    signed = ".".join(_coded(json.dumps(one).encode()) for one in words)
    return f"{signed}.{_coded(hmac.digest(_KEY, signed.encode(), 'sha256'))}"


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _wait(port: int, process: subprocess.Popen[bytes], root: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as line:
                line.recv(100)
                return
        except OSError:
            time.sleep(0.05)
    log = root / "log"
    raise AssertionError(
        f"dovecot does not answer:\n{(root / 'out').read_text()}{log.read_text() if log.exists() else ''}"
    )
