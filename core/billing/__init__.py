"""From the delivered shipment to the invoice."""
