"""What the reading process says, made again here: values of a reading and nothing else.

A file may have taken that process over. So nothing but plain values and the classes of a reading is made of its words,
and no word of it changes a class: pickles may, as they set attributes of whatever they name.
"""

from __future__ import annotations

import io
import pickle
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

import core.manner
import core.provenance
import core.reading

#: what ``copyreg`` keeps with a class once one of it is pickled here, as jobs are; it is made anew when it is wanted
_CACHE: Final = "__slotnames__"
#: all that an answer is made of, by module and name, with what each class has
_CLASSES: Final = {
    (module.__name__, name): (
        found,
        MappingProxyType({one: value for one, value in vars(found).items() if one != _CACHE}),
    )
    for module in (core.manner, core.provenance, core.reading)
    for name, found in vars(module).items()
    if isinstance(found, type) and found.__module__ == module.__name__
}


def made_of(answer: bytes | bytearray) -> Any:
    """Return the value that *answer* says.

    Raises:
        pickle.UnpicklingError: it says none, another one than a reading is made of, or changes what one is made of.
    """
    try:
        found = _Plain(io.BytesIO(answer)).load()
    except Exception as error:  # whatever the words of a stranger lead to
        raise pickle.UnpicklingError(str(error) or type(error).__name__) from error
    finally:
        changed = [_is_restored(one, was) for one, was in _CLASSES.values()]
    if any(changed):
        raise pickle.UnpicklingError("it would change what readings are made of")
    return found


def _is_restored(one: type, was: MappingProxyType[str, Any]) -> bool:
    """Give a class back what it had, and tell whether it had lost it."""
    with suppress(AttributeError):  # none, or another thread was first
        type.__delattr__(one, _CACHE)
    now = {name: value for name, value in vars(one).items() if name != _CACHE}
    if now.keys() == was.keys() and all(now[name] is value for name, value in was.items()):
        return False
    for name in now.keys() - was.keys():
        type.__delattr__(one, name)
    for name, value in was.items():
        if name not in now or now[name] is not value:
            type.__setattr__(one, name, value)
    return True


class _Plain(pickle.Unpickler):
    """Makes the values of a reading and nothing else."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """Return a class of a reading.

        Raises:
            pickle.UnpicklingError: it is none.
        """
        known = _CLASSES.get((module_name, global_name))
        if known is None:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of a reading")
        return known[0]
