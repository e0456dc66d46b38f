"""``ordergate doctor``: looks at everything that an operator would, and says what to do about it."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from core.clock import Clock
from core.errors import OrdergateError
from core.store import Store, Tx, backlog, open_store
from core.store import master as store_master
from core.store.engine import sqlite_path
from core.store.papers import OPEN
from gateway import revision
from gateway.installation import check_installation
from gateway.paths import HOUSE_INBOXES, DropFolder, Home, find_home
from gateway.settings import Settings, load_settings
from gateway.telling import smtp_sender
from gateway.transports.smtp_in.examination import greeting
from gateway.transports.smtp_in.settings import SmtpInSettings

State = Literal["ok", "warn", "fail"]

#: the domain that mails come from where no sender is set
_NOBODYS: Final = "localhost.localdomain"
_MEBIBYTE: Final = 1024 * 1024
_ROOM_WARN: Final = 1024 * _MEBIBYTE
_ROOM_FAIL: Final = 100 * _MEBIBYTE
_LATE_WARN: Final = 300
_LATE_FAIL: Final = 3600
_OPEN_FILES: Final = 1024
_INOTIFY: Final = {"max_user_watches": 8192, "max_user_instances": 64, "max_queued_events": 4096}
_INOTIFY_FOLDER: Final = Path("/proc/sys/fs/inotify")
#: the first SQLite with RETURNING, which claims need
_SQLITE: Final = (3, 35)


class Finding(NamedTuple):
    """One line of the examination; ``advice`` says what to do when it is not ok."""

    check: str
    state: State
    detail: str
    advice: str = ""


def examine(root: Path, clock: Clock) -> Iterator[Finding]:
    """Yield the findings about this installation and the home at *root*; what cannot be looked at fails."""
    yield _python()
    yield _guarded("installation", lambda: Finding("installation", "ok", f"all packages in {check_installation()}"))
    try:
        home = find_home(root)
        settings = load_settings(home.root)
    except OrdergateError as error:
        yield _failed("settings", error)
        return
    yield Finding("settings", "ok", str(home.settings_file))
    yield from _room(home, settings)
    yield _mail(settings)
    if settings.mail.host:
        yield _answers(settings)
    if settings.smtp_in.port is not None:
        yield _guarded("smtp_in", lambda: _smtp_in(settings.smtp_in))
    if settings.imap.host:
        yield _guarded("imap", lambda: _imap(settings))
    yield _guarded("tokens", lambda: _issuer(settings))
    yield _open_files()
    if settings.folders.watch != "poll":
        yield _inotify()
    migration = _guarded("database", lambda: _migration(settings))
    yield migration
    if migration.state == "fail":
        return
    store = open_store(settings.database.url)
    try:
        codes = sorted(store.read(store_master.partner_codes))
        yield from _folders(home, codes)
        yield from _waiting(store, clock)
        yield from _token_rights(store, settings)
    except OrdergateError as error:
        yield _failed("database", error)
    finally:
        store.close()


def report(findings: list[Finding]) -> dict[str, Any]:
    """Return ``{"ok", "checks": [{"check", "state", "detail", "advice"}]}``."""
    return {
        "ok": all(finding.state != "fail" for finding in findings),
        "checks": [finding._asdict() for finding in findings],
    }


def _failed(check: str, error: OrdergateError) -> Finding:
    return Finding(check, "fail", error.message, error.hint)


def _guarded(check: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except OrdergateError as error:
        return _failed(check, error)


def _python() -> Finding:
    version = f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < _SQLITE:
        return Finding("python", "fail", version, "SQLite 3.35 or newer is needed: use a newer Python build.")
    return Finding("python", "ok", version)


def _room(home: Home, settings: Settings) -> Iterator[Finding]:
    places = {"disk": home.root}
    database = sqlite_path(settings.database.url)
    if database is not None and database.parent != home.root.resolve():
        places["disk of the database"] = database.parent
    for name, place in places.items():
        try:
            free = shutil.disk_usage(place).free
        except OSError as error:
            yield Finding(name, "fail", f"{place}: {error.strerror}", "Create it, or correct [database] url.")
            continue
        state: State = "fail" if free < _ROOM_FAIL else "warn" if free < _ROOM_WARN else "ok"
        advice = "" if state == "ok" else "Free space; every received byte is kept before it is answered."
        yield Finding(name, state, f"{free // _MEBIBYTE:,} MiB free at {place}", advice)


def _mail(settings: Settings) -> Finding:
    """Ask the mail server whether it would take a mail, without sending one."""
    if not settings.mail.host:
        return Finding("mail", "ok", "no server: mails are kept in mail/out of the home")
    place = f"{settings.mail.host}:{settings.mail.port}"
    try:
        greeting = smtp_sender(settings.mail).check()
    except OrdergateError as error:
        return Finding("mail", "fail", error.message, error.hint or "See [mail]; what is queued leaves once it works.")
    if settings.mail.tls == "none":
        return Finding("mail", "warn", f"{place} answers: {greeting}", "Everybody on the way can read it: set tls.")
    return Finding("mail", "ok", f"{place} answers: {greeting}")


def _answers(settings: Settings) -> Finding:
    """Tell whether the answers to our mails come in where we can know it; a mailbox may have any address."""
    address = settings.mail.reply_to or settings.mail.sender
    domain = address.lower().rpartition("@")[2]
    if domain == _NOBODYS:
        advice = "Set [mail] sender, and reply_to where answers are to go elsewhere."
        return Finding("answers", "warn", f"answers to our mails go to {address}, which nobody has", advice)
    taken = {one.lower() for one in settings.smtp_in.mail_to}
    if settings.smtp_in.port is not None and not settings.imap.host and not taken & {address.lower(), f"@{domain}"}:
        advice = "Set [mail] reply_to to one of [smtp_in] mail_to, or have what goes there sent on to it."
        return Finding("answers", "warn", f"answers to our mails go to {address}, which is not taken in here", advice)
    return Finding("answers", "ok", f"answers to our mails go to {address}")


def _smtp_in(settings: SmtpInSettings) -> Finding:
    """Hear what the door for mail says."""
    if settings.port == 0:
        return Finding("smtp_in", "warn", "each start picks another port", "Set [smtp_in] port.")
    said = greeting(settings)
    if settings.tls == "none" and not all(network.is_loopback for network in settings.allowed_networks()):
        return Finding("smtp_in", "warn", said, "Mails cross the network in the open: set tls and cert_file.")
    return Finding("smtp_in", "ok", said)


def _imap(settings: Settings) -> Finding:
    """Log in to the mailbox and look, taking nothing."""
    from gateway.transports.imap.mailbox import connected  # noqa: PLC0415 - 60 ms that few homes need

    imap, tokens = settings.imap, None
    if imap.oauth.token_url:
        from gateway.transports.imap.tokens import AccessTokens  # noqa: PLC0415 - as above

        tokens = AccessTokens(imap.oauth, settings.http_out)
    with connected(imap, tokens) as connection:
        waiting = len(connection.uids())
        how = "tells of mails at once" if connection.tells else f"is asked every {imap.look_seconds:.0f} s"
    detail = f"{imap.host}:{imap.port} {how}; {waiting} mails wait in {imap.folder}"
    if imap.tls == "none":
        return Finding("imap", "warn", detail, "Everybody on the way can read the password: set tls.")
    return Finding("imap", "ok", detail)


def _issuer(settings: Settings) -> Finding:
    """Ask the identity provider for its keys."""
    if not settings.oidc.issuer:
        return Finding("tokens", "ok", "no identity provider: API keys alone are taken")
    from gateway.oidc.examination import keys_published  # noqa: PLC0415 - its library comes with an extra

    try:
        keys = keys_published(settings.oidc, settings.http_out)
    except OrdergateError as error:
        return Finding("tokens", "fail", error.message, error.hint or "See [oidc]; API keys go on meanwhile.")
    return Finding("tokens", "ok", f"{settings.oidc.issuer} signs with {', '.join(keys)}")


def _token_rights(store: Store, settings: Settings) -> Iterator[Finding]:
    if settings.oidc.issuer:
        from gateway.oidc.examination import unknown_meanings  # noqa: PLC0415 - as above

        found = store.read(lambda tx: list(unknown_meanings(settings.oidc, tx)))
        if found:
            yield Finding("rights of tokens", "warn", "; ".join(found), "Correct [oidc], or load what it names.")


def _open_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = soft == resource.RLIM_INFINITY or soft >= _OPEN_FILES
    return Finding(
        "open files",
        "ok" if enough else "warn",
        f"limit {soft}",
        "" if enough else f"Raise it: ulimit -n {_OPEN_FILES * 4}, or LimitNOFILE= of the service.",
    )


def _inotify() -> Finding:
    low = []
    told = []
    for name, least in _INOTIFY.items():
        try:
            value = int((_INOTIFY_FOLDER / name).read_text("ascii"))
        except (OSError, ValueError):
            return Finding(
                "inotify", "warn", "this system tells no limits", 'Set [folders] watch = "poll" if files are seen late.'
            )
        told.append(f"{name} {value}")
        if value < least:
            low.append(f"sysctl fs.inotify.{name}={least}")
    return Finding("inotify", "warn" if low else "ok", ", ".join(told), "; ".join(low))


def _migration(settings: Settings) -> Finding:
    current, head = revision.current(settings.database.url), revision.head()
    if current != head:
        return Finding(
            "database",
            "fail",
            f"at migration {current or 'none'}, this Ordergate needs {head}",
            "ordergate db upgrade --home HOME",
        )
    backend = "SQLite" if sqlite_path(settings.database.url) else "PostgreSQL"
    return Finding("database", "ok", f"{backend} answers, at migration {head}")


def _folders(home: Home, codes: list[str]) -> Iterator[Finding]:
    places = {f"folder {code}": (home.folder(code), True) for code in codes}
    places |= {f"folder {kind}": (home.inbox(kind), False) for kind in HOUSE_INBOXES}
    sound = 0
    for name, (folder, has_out) in places.items():
        finding = _folder(name, folder, has_out=has_out)
        if finding is None:
            sound += 1
        else:
            yield finding
    yield Finding("folders", "ok", f"{sound} of {len(places)} readable, writable and each on one filesystem")


def _folder(name: str, folder: DropFolder, *, has_out: bool) -> Finding | None:
    claimed = (folder.inbox, folder.work, folder.done, folder.error)
    devices = set()
    for path in (*claimed, *((folder.out,) if has_out else ())):
        if not path.is_dir():
            return Finding(name, "fail", f"{path} is missing", "Create it; a running gateway does so itself.")
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            return Finding(name, "fail", f"{path} cannot be read and written", f"chown or chmod {path}")
        if path in claimed:
            devices.add(path.stat().st_dev)
    if len(devices) > 1:
        return Finding(
            name,
            "fail",
            f"in, work, done and error of {folder.root} lie on different filesystems",
            "A claim is a rename: put them on one filesystem.",
        )
    return None


def _waiting(store: Store, clock: Clock) -> Iterator[Finding]:
    def look(tx: Tx) -> backlog.Backlog:
        return backlog.look(tx, clock.now())

    waiting = store.read(look)
    late = max(waiting.outbox_oldest_seconds, waiting.transmission_oldest_seconds)
    state: State = "fail" if late > _LATE_FAIL else "warn" if late > _LATE_WARN else "ok"
    running = "is running" if waiting.workers_alive else "is not running"
    yield Finding(
        "outbox",
        state,
        f"{waiting.outbox_rows} to render, {sum(waiting.transmissions.values())} to send, the oldest for {late:.0f} s; "
        f"the gateway {running}",
        "" if state == "ok" else "Start ordergate serve; if it runs, its log and the alerts tell what stops it.",
    )
    unknown = waiting.transmissions.get("outcome_unknown", 0)
    if unknown:
        yield Finding(
            "outcomes", "warn", f"{unknown} calls without a known outcome", "They are asked for again by themselves."
        )
    if waiting.workers_dead:
        yield Finding(
            "workers",
            "warn" if waiting.workers_alive == 0 and waiting.sources_unsettled else "ok",
            f"{waiting.workers_dead} ended without leaving; {waiting.sources_unsettled} sources unsettled",
            "The next process takes their work over: start ordergate serve." if waiting.sources_unsettled else "",
        )
    yield _papers(waiting.papers)
    opened = sum(waiting.alerts.values())
    if opened:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(waiting.alerts.items()))
        yield Finding("alerts", "warn", f"{opened} open: {kinds}", "The page at / tells each with its cause.")


def _papers(waiting: backlog.Waiting) -> Finding:
    """Tell whether mails and faxes are read."""
    going = sum(waiting.states[state] for state in OPEN)
    failed, late = waiting.states["failed"], waiting.oldest_seconds > _LATE_WARN
    advice = "Start ordergate serve; if it runs, its log tells what stops it." if late else ""
    detail = f"{going} to read, the oldest for {waiting.oldest_seconds:.0f} s; {failed} could not be read"
    return Finding("mail and fax", "warn" if late else "ok", detail, advice)
