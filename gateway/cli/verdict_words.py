"""The words of ``check`` around codes and violations, in every language; ``{}`` stands for a number."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """One language's words. Codes, states, verdicts and file names are the same in all."""

    unknown_format: str
    interchange: str
    test: str
    severities: dict[str, str]
    violation: str
    hint: str
    #: between the parts of a place
    comma: str
    segment: str
    element: str
    component: str
    offset: str
    whole: str
    order: str
    held: str
    reply: str
    summary: str
    #: titles of the summary's table, then what its rows are
    titles: tuple[str, str, str]
    verdict_row: str
    violation_row: str
    nothing: str


WORDS: Final = {
    "en": Words(
        unknown_format="unknown format",
        interchange="interchange {reference} from {sender} to {recipient}",
        test=", test",
        severities={"error": "error", "warning": "warning"},
        violation="{severity} {code} at {place}: {message}",
        hint=" ({})",
        comma=", ",
        segment="segment {}",
        element="element {}",
        component="component {}",
        offset="byte {}",
        whole="the whole",
        order="order {number} of {partner}: {state}, {total} {currency}",
        held="held by {code}: {reason}",
        reply="would send {type} as {filename}",
        summary="{interchanges} interchanges, {messages} messages",
        titles=("kind", "name", "count"),
        verdict_row="verdict",
        violation_row="violation",
        nothing="Nothing was found in it.",
    ),
    "de": Words(
        unknown_format="unbekanntes Format",
        interchange="Übertragungsdatei {reference} von {sender} an {recipient}",
        test=", Test",
        severities={"error": "Fehler", "warning": "Warnung"},
        violation="{severity} {code} bei {place}: {message}",
        hint=" ({})",
        comma=", ",
        segment="Segment {}",
        element="Datenelement {}",
        component="Komponente {}",
        offset="Byte {}",
        whole="allem",
        order="Auftrag {number} von {partner}: {state}, {total} {currency}",
        held="gehalten durch {code}: {reason}",
        reply="würde {type} als {filename} senden",
        summary="{interchanges} Übertragungsdateien, {messages} Nachrichten",
        titles=("Art", "Name", "Anzahl"),
        verdict_row="Urteil",
        violation_row="Verstoß",
        nothing="Es wurde nichts darin gefunden.",
    ),
    "zh": Words(
        unknown_format="未知格式",
        interchange="交换 {reference}，发送方 {sender}，接收方 {recipient}",
        test="，测试",
        severities={"error": "错误", "warning": "警告"},
        violation="{severity} {code}（{place}）：{message}",
        hint="{}",
        comma="，",
        segment="第 {} 段",
        element="第 {} 个数据元",
        component="第 {} 个成分",
        offset="字节 {}",
        whole="整体",
        order="{partner} 的订单 {number}：{state}，{total} {currency}",
        held="被 {code} 暂停：{reason}",
        reply="将发送 {type}，文件名 {filename}",
        summary="{interchanges} 个交换，{messages} 个报文",
        titles=("类别", "名称", "数量"),
        verdict_row="结论",
        violation_row="违规",
        nothing="其中没有发现任何内容。",
    ),
}
