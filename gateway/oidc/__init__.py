"""Bearer tokens of an identity provider (OpenID Connect), beside API keys; needs the extra ``oidc``."""
