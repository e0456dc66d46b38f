"""The format of a partner guide."""

from __future__ import annotations

import inspect

from reference.markdown import code, page, table
from reference.settings import default


def guides() -> str:
    """The format of a partner guide: its tables, the fields that it may point to, and what it may make of faults."""
    from adapters.edi.guides.leniency import ALLOWED, DEFAULTS  # noqa: PLC0415 - so that pages fail singly
    from adapters.edi.guides.pointable import FIELDS  # noqa: PLC0415 - so that pages fail singly
    from adapters.edi.guides.shape import TABLES  # noqa: PLC0415 - so that pages fail singly

    tables = []
    for model in TABLES:
        about = inspect.cleandoc(model.__doc__ or "").replace("``", "`")
        rows = [
            (code(key), "required" if field.is_required() else default(field), field.description or "")
            for key, field in model.model_fields.items()
        ]
        tables.append(f"## {about}\n\n" + table(("key", "default", "meaning"), rows))
    pointed = [f"- {kind}: {', '.join(map(code, sorted(fields)))}" for kind, fields in FIELDS.items()]
    treated = [
        (code(name), code(DEFAULTS[name].value), ", ".join(code(one.value) for one in sorted(allowed)))
        for name, allowed in sorted(ALLOWED.items())
    ]
    return page(
        "Partner guides",
        "A guide is a TOML file, `HOME/guides/<name>.toml`, that `[[partners.edi]] guide` of the master data names, or "
        "the file of `ordergate check --guide`. An unknown key is refused, and so is what the directory cannot mean: "
        "every fault is told at once as `guide.invalid`. What to do with it: [how to](../how-to/partner-guides.md).",
        *tables,
        "## Fields that a guide may point to",
        "\n".join(pointed),
        "## What a guide may make of violations",
        "`error` rejects the message, or the interchange where its envelope is at fault. `hold` tells it and holds "
        "the order, `warning` only tells it, `ignored` leaves it out. A code that is not listed stands as it is: an "
        "envelope that cannot be read is never let through, and no order is made of what has no number, no lines or "
        "no quantity.",
        table(("code", "default", "may be"), treated),
    )
