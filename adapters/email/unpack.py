"""Opens whatever was received - a mail, an archive, one file - down to its leaves, within limits."""

from __future__ import annotations

from adapters.email.kinds import kind_of
from adapters.email.limits import Limits, Unreadable
from adapters.email.mime import outlook, tree
from adapters.email.mime.letter import is_forward
from adapters.email.pieces import Basket, Found, Piece
from adapters.email.plain import file_name
from adapters.email.safety import check, check_html, members


def unpack(content: bytes, name: str, limits: Limits, *, our_server: str = "") -> Basket:
    """Return the leaves of *content*, and the letter where it is a mail.

    Raises:
        Unreadable: it is refused as a whole: locked, damaged, or more than *limits* allow.
    """
    basket = Basket(limits)
    kind = kind_of(content)
    check(content, name, kind, limits)
    if kind == "mail":
        message = tree.parse(content)
        basket.letter = tree.head_of(message, our_server)
        handed_on = is_forward(basket.letter.subject)
        tree.walk(message, "", basket, _open, depth=0, forwarded=handed_on)
    elif kind == "outlook":
        saved = outlook.parse(content, name)
        basket.letter = outlook.head_of(saved, our_server)
        outlook.walk(saved, "", basket, _open, depth=0, forwarded=is_forward(basket.letter.subject))
    else:
        _open(Found(content, name, "", 0), basket)
    return basket


def _open(found: Found, basket: Basket) -> None:
    """Put a file into the basket, or what is in it; one that is refused is kept with the reason."""
    content, name, place, depth = found
    kind = kind_of(content)
    try:
        check(content, name, kind, basket.limits)
        if kind == "html":
            check_html(content, name)
    except Unreadable as error:
        basket.refuse(place, name, content, kind, error)
        return
    if kind in ("mail", "outlook", "zip") and depth >= basket.limits.depth:
        too_deep = Unreadable("paper.too_deep", {"name": name, "most": basket.limits.depth}, dangerous=True)
        basket.refuse(place, name, content, kind, too_deep)
    elif kind == "mail":
        tree.walk(tree.parse(content), place, basket, _open, depth=depth + 1, forwarded=False)
    elif kind == "outlook":
        _open_outlook(found, basket)
    elif kind == "zip":
        _open_archive(found, basket)
    elif kind in ("edifact", "xml"):
        basket.put(Piece(place, name, content, kind, "format"))
    elif kind == "empty":
        basket.refuse(place, name, content, kind, Unreadable("paper.empty", {"name": name}))
    elif kind in ("archive", "document", "unknown"):
        basket.refuse(place, name, content, kind, Unreadable("paper.kind_unknown", {"name": name}))
    else:
        basket.put(Piece(place, name, content, kind))


def _open_outlook(found: Found, basket: Basket) -> None:
    content, name, place, depth = found
    try:
        saved = outlook.parse(content, name)
    except Unreadable as error:
        basket.refuse(place, name, content, "outlook", error)
        return
    outlook.walk(saved, place, basket, _open, depth=depth + 1, forwarded=False)


def _open_archive(found: Found, basket: Basket) -> None:
    """Open an archive; the one that turns out to be too much is refused from there on."""
    content, name, place, depth = found
    try:
        for number, (inner, inside) in enumerate(members(content, name, basket.limits), 1):
            here = f"{place}.{number}" if place else str(number)
            _open(Found(inside, file_name(inner), here, depth + 1), basket)
    except Unreadable as error:
        basket.refuse(place, name, content, "zip", error)
