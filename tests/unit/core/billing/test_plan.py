from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.billing.plan import BillableLine, RateTotal, plan_invoice
from core.values import round_money

D = Decimal
ISSUED = date(2026, 1, 31)


def test_lines_are_rounded_to_the_cent_and_tax_once_per_rate() -> None:
    plan = plan_invoice(
        [
            BillableLine(1, D(3), D("0.335"), D(19)),  # 1.005 -> 1.01
            BillableLine(2, D(1), D("0.03"), D(19)),
            BillableLine(3, D(2), D(50), D(7)),
        ],
        ISSUED,
        30,
    )

    assert [line.net for line in plan.lines] == [D("1.01"), D("0.03"), D("100.00")]
    # 19 % of 1.04 is 0.1976; rounded per line it would have been 0.19 + 0.01
    assert plan.taxes == (RateTotal(D(7), D(100), D("7.00")), RateTotal(D(19), D("1.04"), D("0.20")))
    assert (plan.net, plan.tax, plan.total) == (D("101.04"), D("7.20"), D("108.24"))


def test_due_date_is_issue_plus_the_terms() -> None:
    line = [BillableLine(1, D(1), D(1), D(0))]

    assert plan_invoice(line, ISSUED, 14).due == date(2026, 2, 14)
    assert plan_invoice(line, ISSUED, 0).due == ISSUED
    assert plan_invoice(line, ISSUED, 30).due == date(2026, 3, 2)


@given(
    st.lists(
        st.tuples(
            st.decimals("0.001", "1000", places=3),
            st.decimals("0", "1000", places=4),
            st.sampled_from([D(0), D(7), D(19), D("5.5")]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_the_totals_are_those_of_the_lines(lines: list[tuple[D, D, D]]) -> None:
    plan = plan_invoice([BillableLine(n, *line) for n, line in enumerate(lines, 1)], ISSUED, 30)

    assert plan.net == sum(line.net for line in plan.lines) == sum(part.base for part in plan.taxes)
    assert all(part.tax == round_money(part.base * part.rate / 100) for part in plan.taxes)
    assert plan.total == plan.net + plan.tax
