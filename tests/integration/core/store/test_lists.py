"""A list of any length goes to both databases as one parameter."""

from sqlalchemy import insert, select

from core.store.engine import Store, Tx
from core.store.lists import among, listed
from core.store.tables.master import settings
from core.store.tables.messaging import transmission_bytes

TEXTS = ["plain", 'with "quotes" and \\', "a,b", "naïve", "x" * 50]


def test_texts_are_matched_as_they_are(each_store: Store) -> None:
    def work(tx: Tx) -> set[str]:
        tx.execute(insert(settings), [{"key": text, "value": "1"} for text in TEXTS])
        chosen = select(settings.c.key).where(among(settings.c.key, "wanted", is_sqlite=tx.is_sqlite))
        assert tx.execute(chosen, {"wanted": listed(tx, [])}).all() == []
        # Longer than the column: no row has it, and it must not be cut to one that has.
        assert tx.execute(chosen, {"wanted": listed(tx, ["x" * 500])}).all() == []
        return set(tx.execute(chosen, {"wanted": listed(tx, [*TEXTS, "absent"])}).scalars())

    assert each_store.write(work) == set(TEXTS)


def test_ids_of_63_bits_keep_every_bit(each_store: Store) -> None:
    ids = [1, 2**53 + 1, 2**63 - 1]

    def work(tx: Tx) -> list[int]:
        tx.execute(insert(transmission_bytes), [{"transmission_id": one, "content": b""} for one in [*ids, 2**53]])
        column = transmission_bytes.c.transmission_id
        chosen = select(column).where(among(column, "wanted", is_sqlite=tx.is_sqlite)).order_by(column)
        return list(tx.execute(chosen, {"wanted": listed(tx, ids)}).scalars())

    assert each_store.write(work) == ids
