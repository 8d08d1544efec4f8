"""Standards of a site's own, drawn out of all that a file may say."""

import json
from dataclasses import fields
from datetime import date
from enum import StrEnum
from random import Random
from typing import Any, get_type_hints

from openfls.clinical.facts import BodySite
from openfls.clinical.own_standards import OwnStandard, read
from openfls.clinical.parameters import DEFAULTS
from openfls.clinical.standards import Standard, Step
from openfls.measures.engines.layout import CARE, askable

KINDS = ("DXA request", "DXA result", "prescription issued", "letter sent", "treatment decision", "follow-up outcome")
ENDS = (0, 7, 42, 90, 365)
WORDS = ("alendronate", "general practice", "28", "None", "RX101", "unknown")
PARAMETERS = [field.name for field in fields(DEFAULTS) if type(getattr(DEFAULTS, field.name)) is int]


def standards(number: int, seed: int) -> tuple[Standard, ...]:
    """So many, each from a file that the checker takes."""
    draw = Random(seed)
    return tuple(own(_Drawing(draw).told(place)).standard for place in range(number))


def own(told: dict[str, Any]) -> OwnStandard:
    found = read(json.dumps(told), "ours.json")
    assert isinstance(found, OwnStandard), found
    return found


class _Drawing:
    """One file being drawn."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw

    def told(self, place: int) -> dict[str, Any]:
        told = {
            **dict.fromkeys(("title", "why", "source", "edition", "authored_by"), "drawn"),
            "name": f"ours-{place}",
            "next_review": date(2027, 3, 1).isoformat(),
            "step": self.draw.choice(list(Step)).value,
            "counts": {"all": ["enrolled", self.tree(2)]} if self.may(0.6) else "enrolled",
            "met_by": [self.recorded(1) for _ in range(self.draw.choice((1, 1, 2)))],
            "window": {"closes": self.moment(2)} | ({"opens": self.moment(1)} if self.may(0.3) else {}),
            "makes_task": False,
        }
        told |= {"excludes": self.tree(2)} if self.may(0.6) else {}
        return told | ({"late_until": self.moment(1)} if self.may(0.3) else {})

    def tree(self, deep: int) -> Any:
        leaves = [self.age, self.bones, self.died, lambda: self.recorded(1), self.latest]
        branches = [lambda: self.several("all", deep), lambda: self.several("either", deep)]
        branches += [lambda: {"not": self.tree(deep - 1)}]
        return self.draw.choice(leaves + branches if deep else leaves)()

    def several(self, how: str, deep: int) -> Any:
        return {how: [self.tree(deep - 1) for _ in range(self.draw.choice((1, 2, 3)))]}

    def age(self) -> Any:
        return {"age": {"at_least": self.draw.choice((0, 50, 75)), "at_most": self.draw.choice((75, 82, 120))}}

    def bones(self) -> Any:
        return {"bones": [one.value for one in self.draw.sample(list(BodySite), 4)]}

    def died(self) -> Any:
        return {"died": self.window(1) if self.may(0.7) else {}}

    def recorded(self, deep: int) -> Any:
        told: dict[str, Any] = self.of_kind("recorded", self.draw.choice((0, 0, 1, 2)))
        return told | ({"within": self.window(deep - 1)} if deep and self.may(0.4) else {})

    def latest(self) -> Any:
        return self.of_kind("latest", self.draw.choice((1, 2)))

    def of_kind(self, how: str, asked: int) -> dict[str, Any]:
        kind = self.draw.choice(KINDS)
        where = {
            name: self.values(kind, name) for name in self.draw.sample(askable(kind), min(asked, len(askable(kind))))
        }
        return {how: kind} | ({"where": where} if where or how == "latest" else {})

    def values(self, kind: str, name: str) -> list[str]:
        hint = get_type_hints(CARE[kind])[name]
        closed = isinstance(hint, type) and issubclass(hint, StrEnum)
        every = [one.value for one in hint] if closed else list(WORDS)
        return self.draw.sample(every, self.draw.choice((1, 1, 2)))

    def window(self, deep: int) -> Any:
        told = {end: self.moment(deep) for end in ("opens", "closes") if self.may(0.6)}
        return told or {"closes": self.moment(deep)}

    def moment(self, deep: int) -> Any:
        told: dict[str, Any] = {"days": self.draw.choice((*ENDS, self.draw.choice(PARAMETERS)))}
        if deep and self.may(0.3):
            told |= {"after": self.recorded(deep - 1), "latest": self.may(0.5)}
        return told

    def may(self, often: float) -> bool:
        return self.draw.random() < often
