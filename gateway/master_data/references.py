"""Checks what one row says of others: partners, items, warehouses, EDI identities, carriers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from core.errors import GuideInvalid
from core.intake.guides import Guides
from core.partners.notices import Reach, misfits
from core.store import Tx
from core.store import master as store
from core.store.prices import tier_steps
from core.store.rulebooks import rules_in_force
from gateway.master_data.models import MasterData, Partner


def broken_references(tx: Tx, master: MasterData, *, carriers: Collection[str], sandbox_enabled: bool) -> Iterator[str]:
    """Yield one line a reference that neither the file nor the database satisfies.

    Args:
        tx: the transaction that will load the file.
        master: the checked file.
        carriers: codes of the carriers that this installation knows.
        sandbox_enabled: whether a partner without a carrier gets the sandbox's.
    """
    yield from _partners(tx, master)
    yield from _skus(tx, master)
    yield from _warehouses(tx, master)
    yield from _tiers(tx, master)
    yield from _roles(tx, master)
    yield from _identities(tx, master)
    yield from _managers(tx, master)
    yield from _currencies(tx, master)
    yield from _notices(master)
    for index, partner in enumerate(master.partners):
        yield from _carrier(f"partners[{index}]", partner, carriers, sandbox_enabled=sandbox_enabled)


def broken_guides(master: MasterData, guides: Guides) -> Iterator[str]:
    """Yield one line a guide that a partner names and that cannot be had."""
    for index, partner in enumerate(master.partners):
        for place, edi in enumerate(partner.edi):
            if edi.guide is None:
                continue
            try:
                guides.get(edi.guide)
            except GuideInvalid as error:
                yield f"partners[{index}].edi[{place}].guide: {error.message}"


def _partners(tx: Tx, master: MasterData) -> Iterator[str]:
    known = {*store.partner_codes(tx), *(partner.code for partner in master.partners)}
    for table in (
        "item_codes",
        "prices",
        "promotions",
        "sales_history",
        "open_invoices",
        "stores",
        "rebates",
        "templates",
    ):
        for index, row in enumerate(getattr(master, table)):
            if row.partner is not None and row.partner not in known:
                yield f"{table}[{index}].partner: there is no partner {row.partner!r}"


def _skus(tx: Tx, master: MasterData) -> Iterator[str]:
    named = [
        (f"{table}[{index}].sku", row.sku)
        for table in ("item_codes", "prices", "promotions", "stock")
        for index, row in enumerate(getattr(master, table))
    ]
    named += [
        (f"items[{index}].substitutes[{place}]", sku)
        for index, item in enumerate(master.items)
        for place, sku in enumerate(item.substitutes)
    ]
    in_file = {item.sku for item in master.items}
    known = in_file | store.known_skus(tx, {sku for _, sku in named} - in_file)
    for path, sku in named:
        if sku not in known:
            yield f"{path}: there is no item {sku!r}"


def _warehouses(tx: Tx, master: MasterData) -> Iterator[str]:
    in_file = {warehouse.code for warehouse in master.warehouses}
    known = in_file | store.known_warehouses(tx, {row.warehouse for row in master.stock} - in_file)
    for index, row in enumerate(master.stock):
        if row.warehouse not in known:
            yield f"stock[{index}].warehouse: there is no warehouse {row.warehouse!r}"


def _tiers(tx: Tx, master: MasterData) -> Iterator[str]:
    """Yield one line a ladder of tiers that has too few or too many steps with those that are loaded (PRI-03)."""
    ladders: dict[tuple[str, str, date], list[int]] = {}
    for index, row in enumerate(master.prices):
        if row.level == "tier":
            ladders.setdefault((row.sku, row.currency, row.valid_from), []).append(index)
    if not ladders:
        return
    rules = rules_in_force(tx).book.price
    loaded = tier_steps(tx, {sku for sku, _, _ in ladders})
    for ladder, rows in ladders.items():
        steps = loaded.get(ladder, set()) | {master.prices[index].min_quantity for index in rows}
        if not rules.fewest_tiers <= len(steps) <= rules.most_tiers:
            yield (
                f"prices[{rows[0]}]: {ladder[0]} has {len(steps)} tiers in {ladder[1]} from {ladder[2]} on; "
                f"{rules.fewest_tiers} to {rules.most_tiers} are allowed"
            )


def _roles(tx: Tx, master: MasterData) -> Iterator[str]:
    """Yield one line a role of a user that the permission matrix does not know: it would allow nothing (ROL-07)."""
    known = rules_in_force(tx).book.roles.roles if master.users else frozenset()
    for index, user in enumerate(master.users):
        for place, role in enumerate(user.roles):
            if role not in known:
                yield f"users[{index}].roles[{place}]: there is no role {role!r}; roles are {', '.join(sorted(known))}"


def _identities(tx: Tx, master: MasterData) -> Iterator[str]:
    loaded = {partner.code for partner in master.partners}
    owners = {identity: code for identity, code in store.edi_owners(tx).items() if code not in loaded}
    company_gln = master.company.gln if master.company else store.company_gln(tx)
    for index, partner in enumerate(master.partners):
        for place, edi in enumerate(partner.edi):
            path = f"partners[{index}].edi[{place}]"
            our_id = edi.our_id or company_gln
            if our_id is None:
                yield f"{path}.our_id: required, because no [company] is known"
                continue
            owner = owners.setdefault((edi.id, edi.qualifier, our_id), partner.code)
            if owner != partner.code:
                yield f"{path}.id: {edi.id!r} ({edi.qualifier}) already is partner {owner!r}"


def _currencies(tx: Tx, master: MasterData) -> Iterator[str]:
    """Yield one line a partner whose account would change its currency while amounts of the old one are on it."""
    before = store.company_currency(tx)
    ours = master.company.currency if master.company else before
    if before is None or not (master.partners or ours != before):
        return
    used = store.accounts_in_use(tx)
    changed = {partner.code: partner.currency for partner in master.partners}
    paths = {partner.code: f"partners[{index}].currency" for index, partner in enumerate(master.partners)}
    for code, currency in used.items():
        after = changed.get(code, currency) or ours
        if after != (currency or before):
            path = paths.get(code, "company.currency")
            yield f"{path}: the account of {code} is in {currency or before}, and orders or payments are on it"


def _managers(tx: Tx, master: MasterData) -> Iterator[str]:
    named = [(index, partner.account_manager) for index, partner in enumerate(master.partners)]
    if not any(manager for _, manager in named):
        return
    in_file = {user.name: bool(user.email) for user in master.users}
    known = {name for name, mail in in_file.items() if mail} | (store.users_with_mail(tx) - in_file.keys())
    for index, manager in named:
        if manager is not None and manager not in known:
            yield f"partners[{index}].account_manager: there is no user {manager!r} with a mail address"


def _notices(master: MasterData) -> Iterator[str]:
    for index, partner in enumerate(master.partners):
        reach = Reach(partner.contact.email, partner.contact.phone, bool(partner.edi))
        for misfit in misfits([notice.preference() for notice in partner.notices], reach):
            yield f"partners[{index}].notices[{misfit.place}].{misfit.key}: {misfit.why}"


def _carrier(path: str, partner: Partner, carriers: Collection[str], *, sandbox_enabled: bool) -> Iterator[str]:
    if partner.carrier is not None and partner.carrier not in carriers:
        yield f"{path}.carrier: there is no carrier {partner.carrier!r}; known: {', '.join(sorted(carriers))}"
    is_sandbox = partner.carrier == "sandbox" or (partner.carrier is None and sandbox_enabled)
    if partner.fulfilment == "auto" and not is_sandbox and not partner.allow_auto:
        yield (
            f"{path}.fulfilment: 'auto' packs, books and ships by itself; "
            "with another carrier than the sandbox it needs allow_auto = true"
        )
