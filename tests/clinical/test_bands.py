"""Bands at their edges and in the holes that the sources leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfls.clinical.bands import (
    FLS_DB_BANDS,
    FLS_DB_SPINE_BANDS,
    FLS_DB_TREATMENT_BANDS,
    IOF_BANDS,
    IOF_TREATMENT_BANDS,
    Band,
    Bands,
    Edge,
)

GREEN, AMBER, RED, NONE = Band.GREEN, Band.AMBER, Band.RED, Band.NONE
EVERY = (FLS_DB_BANDS, FLS_DB_SPINE_BANDS, FLS_DB_TREATMENT_BANDS, IOF_BANDS, IOF_TREATMENT_BANDS)


@pytest.mark.parametrize(
    ("bands", "met", "judged", "band"),
    [
        (FLS_DB_BANDS, 80, 100, GREEN),
        (FLS_DB_BANDS, 795, 1000, AMBER),  # the hole between 79 and 80
        (FLS_DB_BANDS, 79, 100, AMBER),
        (FLS_DB_BANDS, 50, 100, AMBER),
        (FLS_DB_BANDS, 499, 1000, RED),
        (FLS_DB_SPINE_BANDS, 201, 1000, GREEN),
        (FLS_DB_SPINE_BANDS, 20, 100, AMBER),  # the hole between 19 and 20
        (FLS_DB_SPINE_BANDS, 195, 1000, AMBER),
        (FLS_DB_SPINE_BANDS, 105, 1000, AMBER),  # the hole between 10 and 11
        (FLS_DB_SPINE_BANDS, 10, 100, AMBER),
        (FLS_DB_SPINE_BANDS, 99, 1000, RED),
        (FLS_DB_TREATMENT_BANDS, 501, 1000, GREEN),
        (FLS_DB_TREATMENT_BANDS, 1, 2, AMBER),  # exactly 50
        (FLS_DB_TREATMENT_BANDS, 499, 1000, RED),
        (IOF_BANDS, 801, 1000, GREEN),
        (IOF_BANDS, 4, 5, AMBER),
        (IOF_BANDS, 1, 2, AMBER),
        (IOF_BANDS, 499, 1000, RED),
        (IOF_TREATMENT_BANDS, 1, 2, GREEN),
        (IOF_TREATMENT_BANDS, 499, 1000, RED),
    ],
)
def test_a_share_at_an_edge_or_in_a_hole_has_the_band_that_was_chosen(bands, met, judged, band):
    assert bands.of(met, judged) is band


@pytest.mark.parametrize("bands", EVERY)
def test_of_nobody_there_is_no_band(bands):
    assert bands.of(0, 0) is NONE


@given(st.sampled_from(EVERY), st.integers(1, 400), st.data())
def test_one_more_who_met_it_never_makes_the_band_worse(bands, judged, data):
    met = data.draw(st.integers(0, judged - 1))
    order = [RED, AMBER, GREEN]
    assert order.index(bands.of(met, judged)) <= order.index(bands.of(met + 1, judged))


@given(st.integers(1, 400), st.data())
def test_where_lower_is_better_the_bands_are_mirrored(judged, data):
    met = data.draw(st.integers(0, judged))
    lower = Bands(Edge(20), Edge(50, included=False), "", "", lower_is_better=True)
    mirrored = Bands(Edge(80), Edge(50, included=False), "", "")
    assert lower.of(met, judged) is mirrored.of(judged - met, judged)


def test_the_bands_are_told_in_words():
    assert FLS_DB_BANDS.words() == "green 80% or more, red less than 50%, else amber"
    assert "Chosen: between 79 and 80 is amber" in FLS_DB_BANDS.told()
    lower = Bands(Edge(5), Edge(10, included=False), "", "", lower_is_better=True)
    assert lower.words() == "green 5% or less, red more than 10%, else amber"
