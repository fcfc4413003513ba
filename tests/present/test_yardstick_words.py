"""Yardsticks are called in words as on their cards, whatever stands in for residents."""

from __future__ import annotations

import pytest

from greenspace.present.words import indicator_name
from greenspace.present.yardstick_words import YARDSTICKS
from greenspace.read.definitions import read_indicators

CARDS = [card for card in read_indicators().values() if card.id.startswith(tuple(YARDSTICKS))]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_number_without_its_card_is_called_by_the_same_name(card):
    assert indicator_name(card.id) == card.name


def test_every_yardstick_has_a_card():
    assert set(YARDSTICKS) < {card.id for card in CARDS}
    assert len(CARDS) == 43


def test_what_is_no_yardstick_keeps_its_identifier():
    assert indicator_name("anything_of_land").en == "anything_of_land"
