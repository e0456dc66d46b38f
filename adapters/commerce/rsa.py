"""RSA signatures (PKCS #1 v1.5, SHA-256), by the library of the extra ``rsa``; all else works without it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from core.errors import InstallationBroken

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

SMALLEST_KEY: Final = 2048


@lru_cache(maxsize=64)
def _public_key(pem: str) -> RSAPublicKey:
    """Return the RSA key of a PEM text.

    Raises:
        ValueError: it holds none, or one that is too small.
        InstallationBroken: the library is not installed.
    """
    try:
        # only stores of Adobe Commerce need the library
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InstallationBroken(
            "RSA signatures cannot be checked", hint="Install the extra: pip install 'ordergate[rsa]'."
        ) from error
    try:
        key = load_pem_public_key(pem.strip().encode())
    except UnsupportedAlgorithm as error:
        raise ValueError("not a public key in PEM") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY:
        raise ValueError(f"not an RSA key of {SMALLEST_KEY} bits or more")
    return key


def rsa_fault(pem: str) -> str:
    """Return why *pem* cannot be used as a key, "" where it can."""
    try:
        _public_key(pem)
    except ValueError:
        return f"not a public RSA key in PEM of {SMALLEST_KEY} bits or more"
    except InstallationBroken as missing:
        return f"{missing.message}. {missing.hint}"
    return ""


def rsa_holds(pem: str, signature: bytes, content: bytes) -> bool:
    """Tell whether *signature* is that of *content* by the owner of the key; an unusable key signs nothing.

    Raises:
        InstallationBroken: the library is not installed.
    """
    try:
        key = _public_key(pem)
    except ValueError:
        return False
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra, and installed, for there is a key
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above

    try:
        key.verify(signature, content, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
