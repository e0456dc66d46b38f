"""Makes the typed parts of ``gateway.client`` from the OpenAPI document."""
