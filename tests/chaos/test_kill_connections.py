"""PostgreSQL ends every connection again and again while files arrive: nobody's document is blamed for it."""

from __future__ import annotations

import time

import psycopg
import pytest

ROUNDS = 6


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_hangs_up_costs_nothing_but_time(house, traffic, judge, poll, database_url) -> None:
    house.keep_orders_confirmed()
    names = [f"orders-{number:03d}.edi" for number in range(5 * ROUNDS)]
    server = house.serve()
    server.wait_serving()
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as operator:
        for turn in range(ROUNDS):
            before = len(house.names("done"))
            for name in names[5 * turn : 5 * turn + 5]:
                house.drop(name, traffic.interchange())
            assert poll(lambda before=before: len(house.names("done")) > before, pause=0.002)
            time.sleep(traffic.random.uniform(0.0, 0.1))
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    assert house.wait_quiet(len(names)), house.state()
    assert server.interrupt() == 0
    judge.folders(names)
    judge.orders()
    judge.replies(fulfilled=False)
    judge.audit()
    assert house.tracebacks() == []
