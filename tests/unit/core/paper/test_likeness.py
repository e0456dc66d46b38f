"""How alike texts are."""

from core.paper.likeness import likeness


def test_alike_texts_differ_in_case_signs_and_little_else() -> None:
    assert likeness("Hex bolt M8x40 A2", "HEX BOLT  M8x40-A2") == 1
    assert likeness("Sechskantschraube M8x40", "Sechskantschraube MBx40") > 0.9
    assert likeness("Hex bolt", "Ball bearing") < 0.6
