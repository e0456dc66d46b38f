"""Master data: our company, partners, items, taxes, warehouses, stock, credit."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json, Scaled, money, price, quantity

#: one row: ourselves, as the seller
company = Table(
    "company",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    Column("gln", String(13), nullable=False),
    Column("gs1_prefix", String(12), nullable=False),
    Column("tax_id", String(35), nullable=False),
    Column("country", String(2), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("address", Json, nullable=False),
    Column("bank", Json, nullable=False),
)

partners = Table(
    "partners",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("code", String(20), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("gln", String(13)),
    Column("account", String(35)),
    Column("language", String(5), nullable=False),
    Column("currency", String(3)),
    Column("country", String(2)),
    Column("tax_id", String(35)),
    Column("grade", String(1)),
    Column("credit_limit", money()),
    Column("payment_terms_days", Integer),
    Column("payment_method", String(35)),
    Column("delivery_terms", String(35)),
    Column("transport_mode", String(35)),
    Column("business_unit", String(35)),
    Column("vip", Boolean, nullable=False),
    #: why the account takes no orders without a person; NULL where it is open
    Column("blocked", String(200)),
    Column("group_code", String(35)),
    Column("reservation_days", Integer),
    Column("carrier", String(35)),
    Column("fulfilment", String(10), nullable=False),
    Column("allow_auto", Boolean, nullable=False),
    #: price_percent, price_amount, quantity_percent, days_early, days_late: decimals as text
    Column("tolerances", Json, nullable=False),
    Column("contact", Json, nullable=False),
    #: the user of ours who is in copy of what a VIP partner is told
    Column("account_manager", String(100)),
    #: per cent; a target above the floor of the rules takes its place (requirements D, 9)
    Column("target_margin", Scaled(4)),
    Index("ix_partners_gln", "gln"),
)

#: the partner's identities on EDI envelopes and how it wants to be answered
partner_edi = Table(
    "partner_edi",
    metadata,
    Column("edi_id", String(35), primary_key=True),
    Column("qualifier", String(4), primary_key=True),
    Column("our_id", String(35), primary_key=True),
    Column("our_qualifier", String(4), nullable=False),
    Column("partner_id", BigInteger, nullable=False, index=True),
    Column("acknowledge", String(10), nullable=False),
    Column("respond", String(10), nullable=False),
    Column("guide", String(200)),
    Column("charset", String(4)),
    Column("test", Boolean, nullable=False),
    #: what differs from the defaults of ``core.partners.exchange.ExchangeTerms``
    Column("exchange", Json),
)

addresses = Table(
    "addresses",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(3), primary_key=True),
    Column("gln", String(13), primary_key=True),
    #: position in the file among addresses of one role without a GLN
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    Column("street", String(200), nullable=False),
    Column("city", String(100), nullable=False),
    Column("region", String(50), nullable=False),
    Column("postal_code", String(20), nullable=False),
    Column("country", String(2), nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("sku", String(35), primary_key=True),
    Column("gtin", String(14), index=True),
    Column("description", String(256), nullable=False),
    Column("descriptions", Json, nullable=False),
    Column("unit", String(3), nullable=False),
    Column("units", Json, nullable=False),
    Column("cost", price()),
    Column("tax_class", String(20), nullable=False),
    Column("weight_kg", quantity()),
    Column("substitutes", Json, nullable=False),
    #: per cent; a target above the floor of the rules takes its place (requirements D, 9)
    Column("target_margin", Scaled(4)),
    #: what is available of the item in all warehouses is tight below the first, low below the second, too much above
    Column("safety_stock", quantity()),
    Column("reorder_point", quantity()),
    Column("max_stock", quantity()),
    #: how the SKU looks in a picture (core.paper.signs), for codes that were misread
    Column("looks", String(35), nullable=False, index=True),
    sqlite_with_rowid=False,
)

#: a buyer's own item codes
item_codes = Table(
    "item_codes",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("code", String(35), primary_key=True),
    Column("sku", String(35), nullable=False),
    sqlite_with_rowid=False,
)

taxes = Table(
    "taxes",
    metadata,
    Column("country", String(2), primary_key=True),
    Column("tax_class", String(20), primary_key=True),
    Column("valid_from", Day, primary_key=True),
    Column("rate_percent", Scaled(4), nullable=False),
)

warehouses = Table(
    "warehouses",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("country", String(2), nullable=False),
    Column("priority", Integer, nullable=False),
    #: what bringing goods to the warehouse that ships takes and costs, and what a shipment from here costs
    Column("transfer_hours", Integer),
    Column("transfer_cost", money()),
    Column("shipping_cost", money()),
)

#: the balance that availability is read from; ``stock_moves`` is the ledger behind it
stock = Table(
    "stock",
    metadata,
    Column("sku", String(35), primary_key=True),
    Column("warehouse", String(20), primary_key=True),
    Column("on_hand", quantity(), nullable=False),
    Column("reserved", quantity(), nullable=False),
    Column("inbound", Json, nullable=False),
    Column("planned", Json, nullable=False),
    sqlite_with_rowid=False,
)

#: append-only: the sum per item and warehouse is what is on hand (invariant 3)
stock_moves = Table(
    "stock_moves",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("sku", String(35), nullable=False),
    Column("warehouse", String(20), nullable=False),
    #: count, receipt, issue, return, transfer
    Column("kind", String(10), nullable=False),
    Column("quantity", quantity(), nullable=False),
    Column("order_id", BigInteger),
    Column("shipment_id", BigInteger),
    Column("at", BigInteger, nullable=False),
    #: why it was counted or transferred, and who did it
    Column("reason", String(200)),
    Column("actor", String(100)),
    Index("ix_stock_moves_sku_at", "sku", "at"),
)

#: what confirmed lines were promised out of supply to come; few rows, as most lines are served from what is on hand
supply_promises = Table(
    "supply_promises",
    metadata,
    Column("sku", String(35), primary_key=True),
    Column("warehouse", String(20), primary_key=True),
    #: inbound or planned, and the day it is due
    Column("kind", String(10), primary_key=True),
    Column("day", Day, primary_key=True),
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("quantity", quantity(), nullable=False),
    Index("ix_supply_promises_order_id", "order_id"),
    sqlite_with_rowid=False,
)

#: one row a partner, locked between stock and counter (ARCHITECTURE decision 4); in the partner's currency, or ours
credit_accounts = Table(
    "credit_accounts",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    #: value of confirmed orders that are not invoiced yet
    Column("committed", money(), nullable=False),
    #: what was paid and no invoice has taken yet
    Column("prepaid", money(), nullable=False, server_default="0"),
    #: the month of the first order that was confirmed, as 2026-03
    Column("first_month", String(7)),
)

#: what one unit of a currency is worth in another, from a day on
rates = Table(
    "rates",
    metadata,
    Column("source", String(3), primary_key=True),
    Column("target", String(3), primary_key=True),
    Column("valid_from", Day, primary_key=True),
    #: a decimal as text: it may have more digits than an amount
    Column("rate", String(30), nullable=False),
)

sales_history = Table(
    "sales_history",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("month", String(7), primary_key=True),
    Column("amount", money(), nullable=False),
)

#: from master data (before us) and from our own invoices (``invoice_id``)
open_invoices = Table(
    "open_invoices",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(35), primary_key=True),
    Column("due", Day, nullable=False),
    Column("amount", money(), nullable=False),
    #: loading the invoice again does not open what is paid
    Column("paid", money(), nullable=False, server_default="0"),
    Column("invoice_id", BigInteger),
    #: NULL: that of the partner's account
    Column("currency", String(3)),
)

users = Table(
    "users",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("roles", Json, nullable=False),
    Column("email", String(200), nullable=False),
    #: the business units that the user may order from; NULL for all
    Column("units", Json),
)

stores = Table(
    "stores",
    metadata,
    Column("platform", String(35), primary_key=True),
    Column("store", String(100), primary_key=True),
    Column("partner_id", BigInteger, nullable=False),
    #: names of the environment variables that hold the secret, the one before it during a rotation, and the API token
    Column("secret_env", String(100), nullable=False),
    Column("previous_secret_env", String(100), nullable=False),
    Column("token_env", String(100), nullable=False),
    #: where the platform's API is; empty: nothing is fetched or written back
    Column("base_url", String(500), nullable=False),
    #: the platform's own settings, which its adapter checks
    Column("options", Json, nullable=False),
    Column("write_back", Boolean, nullable=False),
)

#: every version of the rules that was put in force; the defaults are version 1 and stand in the program
rulebooks = Table(
    "rulebooks",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("document", Json, nullable=False),
)

#: small facts of the installation: clock offset, master data version
settings = Table(
    "settings",
    metadata,
    Column("key", String(50), primary_key=True),
    Column("value", Text, nullable=False),
)
