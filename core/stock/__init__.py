"""Stock: what can be promised when, sourcing over warehouses, counts and transfers in the ledger."""
