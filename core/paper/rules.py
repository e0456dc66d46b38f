"""How often papers that needed nobody are looked at again, and what reading them is compared with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.paper.classes import CLASSES


@dataclass(frozen=True, slots=True)
class PaperRules:
    """Section ``[papers]`` of the rulebook.

    Of the orders that nobody looked at, ``sample_percent`` are read once more by a person who does not see what was
    read, of the classes in ``class_percent`` so many (``fax = "10"``), besides one of the first ``first_orders`` of
    every customer and class of paper (0: none). It waits ``sample_days`` for somebody of ``sample_role``; where the two
    differ, somebody of ``finding_role`` decides.

    ``baseline_minutes`` and ``baseline_error_percent`` are what an order costs that is typed by hand (INT-07). They are
    no targets: what was saved stays the same when the house aims higher.
    """

    sample_percent: Decimal = Decimal(2)
    class_percent: Mapping[str, Decimal] = field(default_factory=dict)
    first_orders: int = 20
    sample_days: int = 3
    sample_role: str = "order_processor"
    finding_role: str = "sales_manager"
    baseline_minutes: int = 40
    baseline_error_percent: Decimal = Decimal(5)

    def __post_init__(self) -> None:
        """Refuse what nothing can be drawn by, or compared with."""
        for name in ("sample_percent", "baseline_error_percent"):
            if not 0 <= getattr(self, name) <= 100:
                raise ValueError(f"{name} is 0 to 100 per cent")
        if not all(0 <= percent <= 100 for percent in self.class_percent.values()):
            raise ValueError("class_percent is 0 to 100 per cent")
        if unknown := {*self.class_percent} - {*CLASSES}:
            raise ValueError(f"class_percent: no such class: {', '.join(sorted(unknown))}; known: {', '.join(CLASSES)}")
        if not 0 <= self.first_orders <= 1000:
            raise ValueError("first_orders is 0 to 1000")
        if not 1 <= self.sample_days <= 365:
            raise ValueError("sample_days is 1 to 365")
        if not 1 <= self.baseline_minutes <= 1440:
            raise ValueError("baseline_minutes is 1 to 1440")

    def percent_of(self, paper_class: str) -> Decimal:
        """Return how many of a hundred orders of a class are drawn."""
        return self.class_percent.get(paper_class, self.sample_percent)

    def check(self, roles: Collection[str]) -> None:
        """Refuse roles that there are not.

        Raises:
            ValueError: which.
        """
        if unknown := {self.sample_role, self.finding_role} - {*roles}:
            raise ValueError(f"papers: no such role: {', '.join(sorted(unknown))}")
