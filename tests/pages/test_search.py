"""Search: by a number, or by a name with a date of birth, among those whom the viewer may see."""

import pytest

from tests.pages.world import NHS


def found(client, words: str) -> str:
    return client.post("/search/", {"words": words}).content.decode()


@pytest.mark.parametrize(
    "words",
    [
        NHS[0], "999 000 0018", "999-000-0018", "A100", "a100", "smith", "SMITH Anne", "Smith, Anne", "smi an",
        "smith 2 3 1941", "smith 02/03/1941", "Anne 2 Mar 1941", "1941-03-02 smith",
    ],
)  # fmt: skip
def test_anne_is_found_by(carys, world, words):
    assert "SMITH, Anne" in found(carys, words)


@pytest.mark.parametrize("words", ["smith 3 3 1941", "A10", "smithson", "9990000042"])
def test_anne_is_not_found_by(carys, world, words):
    assert "SMITH, Anne" not in found(carys, words)


@pytest.mark.parametrize("words", ["s", "", "   ", ",", "%"])
def test_too_little_to_look_for_shows_nobody(carys, world, words):
    page = found(carys, words)
    assert "SMITH" not in page
    assert "patients</h2>" not in page


def test_a_mistyped_nhs_number_is_said_to_be_wrong(carys, world):
    assert "fails the NHS number" in found(carys, "999 000 0019")


def test_nobody_of_another_trust_is_found(carys, signed_in, world):
    assert "BLACK, Frank" not in found(carys, NHS[4])
    assert "BLACK, Frank" in found(signed_in("eamon"), NHS[4])


def test_what_was_looked_for_stands_in_no_address(carys, world):
    assert carys.get(f"/search/?words={NHS[0]}").content.decode().count("SMITH") == 0


def test_who_was_shown_stands_in_the_trail(carys, world):
    from openfls.record.models import Trail

    found(carys, "smith")
    assert Trail.objects.filter(action="search").latest("number").patients == [world.key("Anne")]
