"""Every code, with the sentence that stands beside it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from reference.markdown import ROOT, code, page, table

PARAMETER: Final = re.compile(r"\{[^}]*\}")
CODE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)*\.[a-z]+(?:_[a-z0-9]+)*")


def codes() -> str:
    """Every code: of errors, of violations, of a document's outcome, of holds, of refused files."""
    from core import errors  # noqa: PLC0415 - so that pages fail singly
    from core.review import holds  # noqa: PLC0415 - so that pages fail singly
    from core.texts.catalogue import LANGUAGES, catalogue  # noqa: PLC0415 - so that pages fail singly
    from gateway.web.problems import STATUS  # noqa: PLC0415 - so that pages fail singly

    def status(error: type[errors.OrdergateError]) -> str:
        return next(str(answer) for kind, answer in STATUS if issubclass(error, kind))

    def summary(error: type[errors.OrdergateError]) -> str:
        return inspect.cleandoc(error.__doc__ or "").partition("\n")[0]

    errors_told = [
        (code(error.code), summary(error), "yes" if error.retryable else "no", status(error))
        for error in descend(errors.OrdergateError)
    ]
    release = holds.RELEASES
    holds_told = [(code(name), role, lifted) for name, (role, lifted) in release.items()]
    violations_told = [
        (code(name), *(PARAMETER.sub("…", words) for words in text))
        for name, text in catalogue(LANGUAGES[0]).texts.items()
        if "/" not in name  # another wording of a code that is listed
    ]
    elsewhere = {*release, *catalogue(LANGUAGES[0]).texts, *(error.code for error in descend(errors.OrdergateError))}
    reasons = {name: said for name, said in stated_codes(["core/intake"]).items() if name not in elsewhere}
    reasons |= stated_codes(["core/intake"], by={"raise_alert"})
    refusals = stated_codes(["gateway/transports/folder"], by={"Refusal"})
    return page(
        "Codes",
        "Codes are stable: scripts and alerts may rely on them. The sentence beside a code may get better.",
        "## Errors",
        "A problem document of the API carries the code; the command line prints it to standard error.",
        table(("code", "means", "trying again can help", "HTTP status"), errors_told),
        "## Violations",
        "What `check` tells, each with its place, and why a document was rejected. `…` stands for a value. Some codes "
        f"have further wordings. All are told in {', '.join(map(code, LANGUAGES))}: `ordergate check --lang`.",
        table(("code", "says", "what to do"), violations_told),
        "## Reasons of documents",
        "Why a document was parked or is a duplicate.",
        table(("code", "says"), [(code(name), sentence) for name, sentence in sorted(reasons.items())]),
        "## Holds",
        "A hold stops one stage of one order until a person of that role releases it, or what lifts it happens.",
        table(("code", "released by", "lifted when"), holds_told),
        "## Refused files",
        "A file that is not taken at all lies in `error/`, beside `<name>.reason.json` with the code.",
        table(("code", "says"), [(code(name), sentence) for name, sentence in sorted(refusals.items())]),
    )


def stated_codes(folders: Iterable[str], by: Collection[str] = ()) -> dict[str, str]:
    """Return each code that a call in *folders* states with the sentence beside it; *by* names the calls that count."""
    found: dict[str, str] = {}
    for path in sorted(file for folder in folders for file in (ROOT / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        worded = sorted(words_of(tree))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            callee = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            logs = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "log"
            if logs or (by and callee not in by):
                continue
            for argument in call.args:
                for stated in ast.walk(argument) if isinstance(argument, ast.Constant | ast.IfExp) else ():
                    named = stated.value if isinstance(stated, ast.Constant) else None
                    if isinstance(named, str) and CODE.fullmatch(named):
                        found[named] = found.get(named) or sentence_in(call, worded)
    return found


def words_of(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and sentence of every assignment of a sentence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (said := sentence(node.value)):
            yield node.lineno, node.targets[0].id, said


def sentence_in(call: ast.Call, worded: Iterable[tuple[int, str, str]]) -> str:
    """Return the first sentence among the arguments of *call*, or the one last given to a name among them."""
    nodes = [node for argument in call.args for node in ast.walk(argument)]
    nodes += [node for keyword in call.keywords if keyword.arg != "hint" for node in ast.walk(keyword.value)]
    if written := next(filter(None, map(sentence, nodes)), ""):
        return written
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    before = [said for line, name, said in worded if name in names and line <= call.lineno]
    return before[-1] if before else ""


def sentence(node: ast.AST) -> str:
    """Return the sentence that *node* writes, with … for what is only known at run time; none for a single word."""
    said = ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        said = node.value
    elif isinstance(node, ast.JoinedStr):
        said = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return said if " " in said.strip() else ""


def descend(error: type[Any]) -> Iterator[type[Any]]:
    """Yield *error* and every class below it, in the order of the source."""
    yield error
    for child in error.__subclasses__():
        if child.__module__ == error.__module__:
            yield from descend(child)
