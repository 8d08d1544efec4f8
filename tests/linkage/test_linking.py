"""Whole files: pairs, clusters, numbers that decide, training, and the error held against the truth."""

from datetime import date, timedelta
from random import Random

import pytest

pytest.importorskip("splink", reason="the extra `linkage` is not installed")

from openfls.clinical.likeness import WEIGHTS
from openfls.clinical.patients import PatientRecord, Sex
from openfls.linkage.linking import BY_NUMBER, clusters, link
from openfls.linkage.measuring import Error, cluster_error, error, true_pairs
from openfls.linkage.model import Model, model_from, plain_model
from openfls.linkage.rows import Row
from openfls.linkage.training import TooLittle, train

TODAY = date(2026, 11, 26)
SHIPPED = Model(WEIGHTS, {})
ANNE = PatientRecord(family_name="MacDonald", given_name="Anne", birth_date=date(1940, 5, 6), sex=Sex.FEMALE)


def changed(record: PatientRecord = ANNE, **other) -> PatientRecord:
    from dataclasses import replace

    return replace(record, **other)


def pairs(*rows: Row, **options) -> dict[tuple[str, str], str]:
    return {(pair.left, pair.right): pair.by for pair in link(rows, SHIPPED, **options).pairs}


def test_rows_that_are_alike_are_a_pair_with_what_speaks_for_it():
    (pair,) = link([Row("1", ANNE), Row("2", changed(family_name="McDonald"))], SHIPPED).pairs
    assert (pair.left, pair.right) == ("1", "2")
    assert "family name one letter apart" in pair.because
    assert 0.99 < pair.probability < 1


def test_one_nhs_number_links_and_two_part_however_alike():
    mine, other = changed(nhs_number="9990000018"), changed(nhs_number="9990000026")
    assert pairs(Row("1", mine), Row("2", changed(mine, given_name="A"))) == {("1", "2"): BY_NUMBER}
    assert pairs(Row("1", mine), Row("2", other)) == {}


def test_one_nhs_number_with_a_contradiction_is_left_to_likeness():
    mine = changed(nhs_number="9990000018")
    assert pairs(Row("1", mine), Row("2", changed(mine, family_name="McDonald"))) == {("1", "2"): "likeness"}
    assert pairs(Row("1", mine), Row("2", changed(mine, birth_date=date(1971, 1, 2), given_name="Ruth"))) == {}


def test_across_files_rows_of_one_file_are_no_pair_unless_asked_for():
    rows = [Row("a/1", ANNE, source="a"), Row("a/2", ANNE, source="a"), Row("b/1", ANNE, source="b")]
    assert set(pairs(*rows, link_type="link_only")) == {("a/1", "b/1"), ("a/2", "b/1")}
    assert len(pairs(*rows, link_type="link_and_dedupe")) == 3


def test_what_hangs_together_is_a_cluster():
    assert list(clusters([("2", "3"), ("1", "2"), ("8", "9")])) == [("1", "2", "3"), ("8", "9")]
    assert list(clusters([])) == []


def test_the_error_counts_right_wrong_and_missed():
    rows = [Row("1", ANNE, truth="a"), Row("2", ANNE, truth="a"), Row("3", ANNE, truth="b"), Row("4", ANNE)]
    linked = link(rows[:3], SHIPPED)
    true = true_pairs(rows)
    assert true == {("1", "2")}
    assert error(linked.pairs, true, 0.5) == Error(0.5, right=1, wrong=2, missed=0)
    assert error([], true, 0.5).recall == 0
    assert error([], set(), 0.5).precision is None
    assert cluster_error(linked, true, 0.6, "dedupe_only", rows).wrong == 2


def made_up(people: int, seed: int = 3) -> list[Row]:
    """Each person twice, the second time with a slip as often as not; half with an e-mail address."""
    chance, rows = Random(seed), []
    syllables = ["ba", "den", "fi", "go", "kel", "lu", "mar", "no", "per", "ros", "ti", "wen"]
    for number in range(people):
        family, given_name = ("".join(chance.choices(syllables, k=3)) for _ in "12")
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(14000))
        record = PatientRecord(family_name=family, given_name=given_name, birth_date=born)
        place = f"XA{chance.randint(1, 9)} {chance.randint(1, 9)}{''.join(chance.choices('ABCDE', k=2))}"
        mail = f"{given_name}{number}@example.org" if chance.random() < 0.5 else ""
        slip = chance.choice([{}, {}, {"family_name": family[1:]}, {"birth_date": born + timedelta(days=1)}])
        rows += [
            Row(f"{number}/1", record, place, also=(mail,), truth=str(number)),
            Row(f"{number}/2", changed(record, **slip), chance.choice([place, ""]), also=(mail,), truth=str(number)),
        ]
    return rows


@pytest.fixture(scope="module")
def trained() -> Model:
    return train(made_up(400), also=("mail",), on="made-up people", today=TODAY)


def test_training_learns_how_often_one_persons_records_agree(trained):
    """Half the second records have a slip, half of these in the family name; half keep the postcode."""
    m, u = trained.weights.m, trained.weights.u
    assert m["family"][0] == pytest.approx(0.75, abs=0.1)
    assert m["born"][0] == pytest.approx(0.75, abs=0.1)
    assert m["given"][0] == pytest.approx(1, abs=0.05)
    assert u["born"][0] < 0.01
    assert trained.weights.prior == pytest.approx(400 / (800 * 799 / 2), rel=0.3)
    assert trained.weights.m["sex"] == WEIGHTS.m["sex"], "what the rows don't have keeps its weights"


def test_trained_weights_link_what_they_were_trained_on(trained):
    rows = made_up(400)
    found = error(link(rows, trained, also=("mail",)).pairs, true_pairs(rows), 0.8)
    assert found.recall > 0.95
    assert found.precision > 0.99


def test_training_says_with_what_on_what_and_when(trained):
    assert trained.weights.about["trained"] == "2026-11-26"
    assert trained.weights.about["with"].startswith("Splink 5")
    assert trained.weights.about["on"] == "made-up people"


def test_a_model_is_read_as_it_is_written(trained):
    assert model_from(plain_model(trained), ["mail"]) == trained


def test_too_little_to_learn_from_is_refused():
    with pytest.raises(TooLittle, match="alike enough"):
        train([Row("1", ANNE), Row("2", PatientRecord(family_name="Brown"))], on="two", today=TODAY)
