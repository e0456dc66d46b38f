"""The only SQL of the product: tables, unit of work, claims, bulk writers, blob store."""

from core.store.engine import Store, Tx, open_store

__all__ = ["Store", "Tx", "open_store"]
