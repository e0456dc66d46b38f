"""``alerts list | close | test-sink``: what a person should see to, and who is told of it."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.house import AlertState, opened_house
from gateway.cli.options import CursorOption, HomeOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table

_alerts = typer.Typer(no_args_is_help=True, help="What a person should see to.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _alerts.command(name="list")(list_)
    _alerts.command()(close)
    _alerts.command(name="test-sink")(try_sink)
    app.add_typer(_alerts, name="alerts")


def list_(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    state: Annotated[AlertState, typer.Option("--state", help="those that are open, or closed")] = "open",
    kind: Annotated[str | None, typer.Option("--kind", help="what their kind begins with, such as `hook.`")] = None,
    partner: Annotated[str | None, typer.Option("--partner", help="only those about this partner")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List alerts, the latest opened first."""
    with opened_house(home, url, key_file) as house:
        page = house.alerts(state=state, kind=kind, partner=partner, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["kind"],
            one["subject"],
            one["opened_at"].replace("T", " ")[:16],
            str(one["count"]),
            one["message"],
        )
        for one in page["items"]
    ]
    print_table(("id", "kind", "subject", "since", "seen", "what"), rows, nothing=f"No alert is {state}.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def close(
    alert: Annotated[int, typer.Argument(min=1, help="its id, as `alerts list` shows it", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    reason: Annotated[str, typer.Option("--reason", help="what was done about it", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Close an alert that a person has seen to; where its cause lasts, the next look opens another."""
    with opened_house(home, url, key_file) as house:
        told = house.close_alert(alert, reason=reason)
    if as_json:
        print_json(told)
        return
    note(f"{told['kind']} {told['subject']}: closed")


def try_sink(
    name: Annotated[str, typer.Argument(help="as `[[alert_sinks]]` of the settings has it", show_default=False)],
    home: HomeOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Send a message to a sink and say whether it left."""
    from core.errors import DeliveryFailed  # noqa: PLC0415 - heavy imports wait for the command
    from core.store.transmissions import carrying  # noqa: PLC0415 - as above
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - as above

    with opened_gateway(home) as gateway:
        told = gateway.operations.alert_desk.test_sink(name)
        gateway.dispatcher.run_once()
        sent = gateway.store.read(lambda tx: carrying(tx, int(told["message"])))
    if sent is None or sent["state"] != "sent":
        raise DeliveryFailed(f"{name} was not reached: {(sent or {}).get('last_error') or 'another process sends it'}")
    if as_json:
        print_json(told)
        return
    note(f"{name}: sent")
