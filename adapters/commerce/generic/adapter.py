"""The generic JSON channel as the gateway takes it: ``ADAPTER``. Its settings say what is where in the JSON."""

from __future__ import annotations

from typing import Final

from adapters.commerce.generic.storefront import MappedStorefront

ADAPTER: Final = MappedStorefront()
