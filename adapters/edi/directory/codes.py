"""What the codes of a data element are called: for hints and reference pages, never for reading a message."""

from __future__ import annotations

from adapters.edi.directory import facts


def named_codes(release: str, element: str) -> dict[str, str]:
    """Return code -> short name as *release* (or ``S3``, ``S4``) lists them for a data element, in their order.

    The names are the directory's own, in English; those of EANCOM's codes are GS1's. Empty without a list.
    """
    listed = facts.codes(element, release) or frozenset()
    told = facts.additions().get(element, {}) | facts.names(element)
    return {code: facts.name_at(told[code], release) for code in sorted(listed)}


def code_name(release: str, element: str, code: str) -> str:
    """Return the short name of one code, such as ``Buyer`` for BY of 3035; "" where the release does not list it."""
    if code not in (facts.codes(element, release) or ()):
        return ""
    return facts.name_at(facts.names(element).get(code) or facts.additions()[element][code], release)
