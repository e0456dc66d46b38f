"""The tables of a guide file, key by key; the reference page is made of them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

#: a format as the directories write it
FORMAT: Final = r"(an|a|n)(\.\.)?([1-9][0-9]{0,3})"
_AT: Final = r"^[1-9][0-9]?\.[1-9][0-9]?$"
_PATH: Final = r"^[A-Z]{3}(/[A-Z]{3})*$"
_MOST: Final = 9_999_999


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_At = Annotated[str, Field(pattern=_AT)]
_Path = Annotated[str, Field(pattern=_PATH)]
_Code = Annotated[str, Field(min_length=1, max_length=35)]


class ElementTable(_Table):
    """``elements`` of a segment rule: what is agreed of one value."""

    at: _At = Field(description="its place: element and component, counted from 1")
    required: bool = Field(default=False, description="it must be sent")
    forbidden: bool = Field(default=False, description="it must not be sent")
    codes: list[_Code] | None = Field(default=None, description="the values that are agreed")
    format: Annotated[str, Field(pattern=rf"^{FORMAT}$")] | None = Field(
        default=None, description="its format as the directories write it (`an..17`, `n13`), within theirs"
    )


class SegmentRuleTable(_Table):
    """``[[messages.segments]]``: what is agreed of the segments at one place of the message."""

    path: _Path = Field(description="the segment with the triggers of its groups: `DTM`, `LIN/QTY`, `NAD/CTA/COM`")
    qualifier: Annotated[str, Field(max_length=35)] = Field(
        default="", description="the rule is for segments with this qualifier alone"
    )
    qualifier_at: _At = Field(default="1.1", description="where the qualifier stands")
    min: Annotated[int, Field(ge=0, le=_MOST)] = Field(
        default=0, description="so many at least in each occurrence of their group"
    )
    max: Annotated[int, Field(ge=0, le=_MOST)] | None = Field(
        default=None, description="so many at most in each occurrence of their group; 0 forbids them"
    )
    elements: list[ElementTable] = Field(default_factory=list, description="rules of its values")


class FieldTable(_Table):
    """``[[messages.fields]]``: where the partner says a field; of several for one field the first that was sent."""

    field: str = Field(description="the field, see below")
    path: _Path = Field(description="the segment that says it")
    qualifier: Annotated[str, Field(max_length=35)] = Field(
        default="", description="only the segment with this qualifier says it"
    )
    qualifier_at: _At = Field(default="1.1", description="where the qualifier stands")
    at: _At = Field(default="1.2", description="the value; a date is always the whole DTM, a party the whole NAD")


class MessageTable(_Table):
    """``[[messages]]``: one message type of one release."""

    type: Annotated[str, Field(pattern=r"^[A-Z]{6}$")] = Field(description="the message type: `ORDERS`")
    release: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,3}\.[A-Z0-9]{1,3}$")] = Field(
        description="the release as UNH names it: `D.96A`"
    )
    association: Annotated[str, Field(max_length=35)] = Field(
        default="", description="the association assigned code (0057): `EAN008`"
    )
    closed: bool = Field(default=False, description="no segments are agreed but those that a rule names")
    segments: list[SegmentRuleTable] = Field(default_factory=list, description="rules of segments")
    fields: list[FieldTable] = Field(default_factory=list, description="where fields are said")


class GuideTable(_Table):
    """The whole file."""

    title: Annotated[str, Field(max_length=200)] = Field(default="", description="for people")
    leniency: dict[str, str] = Field(
        default_factory=dict, description="code of a violation -> `error`, `hold`, `warning` or `ignored`, see below"
    )
    codes: dict[str, list[_Code]] = Field(
        default_factory=dict, description="data element -> codes that are agreed besides those of the directory"
    )
    messages: list[MessageTable] = Field(default_factory=list, description="what is agreed of messages")


#: the tables of a guide, as the reference page tells them
TABLES: Final = (GuideTable, MessageTable, SegmentRuleTable, ElementTable, FieldTable)
