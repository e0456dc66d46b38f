"""Amazon's marketplaces: notifications and orders of the Selling Partner API, shipments confirmed by it."""
