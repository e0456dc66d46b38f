"""Quality cards: what each carrier adapter covers, by which edition, and what it leaves out with the reason."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

#: what every carrier adapter answers for on its card
RULES: Final = (
    "book_once",
    "find_by_reference",
    "timeout_on_every_call",
    "outcome_unknown",
    "refusal_with_reason",
    "malformed_answers_located",
    "every_status_mapped",
    "stable_event_ids",
    "proof_of_delivery",
    "label_scans",
    "exerciser",
    "rates",
    "void",
    "push",
    "pickup",
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """How one rule stands: done and shown by ``tests``, or exempt for ``reason``."""

    status: Literal["done", "exempt"]
    reason: str = ""
    tests: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_backed(self) -> Rule:
        if self.status == "exempt" and not self.reason:
            raise ValueError("an exempt rule says why")
        if self.status == "done" and not self.tests:
            raise ValueError("a rule that is done names the tests that show it")
        return self


class QualityCard(_Strict):
    """The card of one adapter: documents, specification, origin of its samples, limits and rules."""

    id: Text
    label: Text
    documents_in: tuple[Text, ...]
    documents_out: tuple[Text, ...]
    edition: Text
    samples: Text
    limits: tuple[Text, ...]
    rules: dict[str, Rule]

    @model_validator(mode="after")
    def _is_complete(self) -> QualityCard:
        if set(self.rules) != set(RULES):
            raise ValueError(f"the rules differ from the list: {sorted(set(self.rules) ^ set(RULES))}")
        return self


def read_card(package: str) -> QualityCard:
    """Return the card that lies beside the adapter in *package* (``adapters.carriers.sandbox``).

    Raises:
        ValueError: the card is not TOML, lacks a rule or claims one without backing it.
        FileNotFoundError: the package has none.
    """
    content = resources.files(package).joinpath("card.toml").read_text("utf-8")
    return QualityCard.model_validate(tomllib.loads(content))
