"""Every layout that we draw is read, and none so that something of it is wrong or forgotten (issue 6, part 4)."""

from __future__ import annotations

import pytest
from drawings import SEEN, UNSEEN, drawn
from orders import WORLD
from score import Score
from truth import known_partners

from adapters.email.adapter import ADAPTER
from core.paper.acceptance import judge

#: Chinese ones need a font that not every machine has
LATIN = {
    name: layout._replace(languages=layout.languages[:1])
    for name, layout in {**SEEN, **UNSEEN}.items()
    if layout.languages[0] == "en"
}


@pytest.mark.parametrize("name", LATIN)
def test_a_document_of_each_layout_is_read(name: str) -> None:
    score = Score()
    for content, truth in drawn({name: LATIN[name]}, 7102, 1):
        (part,) = ADAPTER.read(content, f"{name}.pdf").parts
        assert part.extracted is not None
        known = known_partners(WORLD, [truth])[truth.account]
        score.add(truth, part.extracted, judge(part.extracted, known), points=(1.0, 1.0))
    assert score.faults == []
    assert score.right >= 0.95 * score.fields
    assert score.good_boxes >= 0.95 * score.boxes > 0
