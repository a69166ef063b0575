"""Self-test of the figure code and the adapter encodings: python -m pytest training/"""
import random

import pytest
import torch

from adapter import dequantise_q4, low_rank, quantise_q4
from figures import agree, figures_de, figures_en, substitute, template


@pytest.mark.parametrize("de, values", [
    ("Der Umsatz stieg um 1.234,56 Euro.", [1234.56]),
    ("Rund 3,5 Milliarden, dann 2 Billionen und 7 Mio. Euro", [3.5e9, 2e12, 7e6]),
    ("800 000 Menschen, 12,5 Prozent", [800000, 12.5]),
])
def test_german_figures(de, values):
    assert figures_de(de) == pytest.approx(values)


def test_english_figures():
    assert figures_en("1,234.56 and 3.5 billion, 2 trillion, $7m") == pytest.approx([1234.56, 3.5e9, 2e12, 7e6])


@pytest.mark.parametrize("de, en, ok", [
    ("Es kostet 1.234,56 Euro.", "It costs 1,234.56 euros.", True),
    ("Es kostet 1.234,56 Euro.", "It costs 1,234.65 euros.", False),
    ("2 Milliarden Euro", "€2 billion", True),
    ("2 Billionen Euro", "€2 billion", False),
    ("Die 3 Männer", "The three men", True),
    ("Die drei Männer", "The 3 men", True),
    ("Um 20.15 Uhr", "At 8.15 p.m.", True),
    ("Am 24.12. beginnt es", "It starts on December 24", True),
    ("283,82 Euro", "28,82 euros", False),
])
def test_agreement(de, en, ok):
    assert agree(de, en) is ok


def test_substitution_changes_both_sides_alike():
    de, en = "Am 3. Mai stieg der Umsatz um 4,2 Prozent auf 1.250 Euro.", "On May 3, sales rose 4.2 percent to 1,250 euros."
    rng = random.Random(0)
    for _ in range(300):
        a, b = substitute(de, en, rng)
        assert (a, b) != (de, en) and agree(a, b), (a, b)


def test_substitution_keeps_scales_apart():
    rng = random.Random(1)
    for _ in range(300):
        a, b = substitute("Es fehlen 3 Milliarden Euro.", "There is a shortfall of 3 billion euros.", rng)
        assert agree(a, b), (a, b)
        assert ("Billionen" in a) == ("trillion" in b)


def test_substitution_leaves_unmatched_figures_alone():
    assert substitute("Es sind drei.", "There are 3.", random.Random(0)) is None


def test_templates_are_filled():
    rng = random.Random(2)
    assert all("{" not in de + en for de, en in (template(rng) for _ in range(300)))


def test_four_bit_difference():
    delta = torch.randn(24, 96, generator=torch.Generator().manual_seed(0))
    packed, scale = quantise_q4(delta)
    assert packed.shape == (24, 48) and packed.dtype == torch.uint8 and scale.shape == (24, 3)
    assert scale.dtype == torch.float16
    assert (dequantise_q4(packed, scale) - delta).norm() / delta.norm() < 0.12
    assert packed[0, 0] & 15 == round(float(delta[0, 0] / scale[0, 0])) + 8      # even column in the low nibble


def test_low_rank_is_exact_at_full_rank():
    delta = torch.randn(16, 8, generator=torch.Generator().manual_seed(0))
    a, b = low_rank(delta, 8)
    assert a.shape == (8, 8) and b.shape == (16, 8)
    assert (b.float() @ a.float() - delta).abs().max() < 0.05
