"""Opens whatever was received - a mail, an archive, one file - down to its leaves, within limits."""

from __future__ import annotations

from adapters.email.kinds import Kind, kind_of
from adapters.email.limits import Limits, Unreadable, unreadable
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
    """Put a file into the basket, or what is in it; one that is refused or damaged is kept with the reason.

    Raises:
        Unreadable: the basket is full, of which refusing the file tells again.
        MemoryError: there is too little memory.
    """
    kind = kind_of(found.content)
    try:
        check(found.content, found.name, kind, basket.limits)
        if kind == "html":
            check_html(found.content, found.name)
        _put(found, kind, basket)
    except Exception as error:  # noqa: BLE001 - bytes of strangers: a part that breaks its reader harms no other
        basket.refuse(found.place, found.name, found.content, kind, unreadable(found.name, error))


def _put(found: Found, kind: Kind, basket: Basket) -> None:
    """Put a file of this kind into the basket, or what is in it.

    Raises:
        Unreadable: it is refused, from there on where it holds others.
    """
    content, name, place, depth = found
    if kind in ("mail", "outlook", "zip") and depth >= basket.limits.depth:
        raise Unreadable("paper.too_deep", {"name": name, "most": basket.limits.depth}, dangerous=True)
    match kind:
        case "mail":
            tree.walk(tree.parse(content), place, basket, _open, depth=depth + 1, forwarded=False)
        case "outlook":
            outlook.walk(outlook.parse(content, name), place, basket, _open, depth=depth + 1, forwarded=False)
        case "zip":
            for number, (inner, inside) in enumerate(members(content, name, basket.limits), 1):
                here = f"{place}.{number}" if place else str(number)
                _open(Found(inside, file_name(inner), here, depth + 1), basket)
        case "edifact" | "xml":
            basket.put(Piece(place, name, content, kind, "format"))
        case "empty":
            raise Unreadable("paper.empty", {"name": name})
        case "archive" | "document" | "unknown":
            raise Unreadable("paper.kind_unknown", {"name": name})
        case _:
            basket.put(Piece(place, name, content, kind))
