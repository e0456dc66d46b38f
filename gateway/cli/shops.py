"""``shops``: what passes between the gateway and e-commerce stores."""

from __future__ import annotations

import typer

from gateway.cli import shop_deliveries, shop_news

_shops = typer.Typer(no_args_is_help=True, help="E-commerce stores.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    shop_deliveries.add_to(_shops)
    shop_news.add_to(_shops)
    app.add_typer(_shops, name="shops")
