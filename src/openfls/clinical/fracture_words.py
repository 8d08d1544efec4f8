"""What the words of a hospital list say of a fracture: which bones, which side, how sure, by which force.

The words stand in `fracture_words.json`, for review. Unclear words are unknown, for a person to triage; only words that
clearly deny a fracture, or name another condition and point at no bone besides, say no. Where a rule here must err,
it errs towards triage.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from openfls.clinical.casefinding import NEVER_COUNTED
from openfls.clinical.decisions import Decision, no, unknown, yes
from openfls.clinical.facts import Answer, BodySite, Side
from openfls.clinical.word_items import TABLE, Clause, Item, clauses, mechanisms

RULE = "what words say of a fracture"
CUT_SHORT = 10_000  # letters of a text that are read


class Verdict(StrEnum):
    """What words amount to, the strongest first."""

    FRACTURE = "a fracture"
    SUSPECTED = "a suspected fracture"
    OLD = "an old or earlier fracture"
    OPERATION = "an operation often done for a fracture"
    UNCLEAR = "a bone or an injury, and not whether it is broken"
    DENIED = "no fracture"
    OTHER_INJURY = "another injury"
    ILLNESS = "another condition"
    REPLACEMENT = "a joint replacement, and no fracture"
    SILENT = "nothing that the word table knows"


CLAIMS = (Verdict.FRACTURE, Verdict.SUSPECTED, Verdict.OLD, Verdict.OPERATION)
NOES = (Verdict.DENIED, Verdict.OTHER_INJURY, Verdict.ILLNESS)


@dataclass(frozen=True, slots=True)
class Bone:
    """A bone that words name, and on which side."""

    body_site: BodySite = BodySite.UNSPECIFIED
    side: Side = Side.UNKNOWN


@dataclass(frozen=True, slots=True)
class WordsMeaning:
    """What words say. ``bones`` holds at least one, those out of the service's scope last."""

    verdict: Verdict
    bones: tuple[Bone, ...] = (Bone(),)
    pathological: Answer = Answer.UNKNOWN
    periprosthetic: Answer = Answer.UNKNOWN

    @property
    def is_fracture(self) -> Answer:
        if self.verdict is Verdict.FRACTURE:
            return Answer.YES
        return Answer.NO if self.verdict in NOES else Answer.UNKNOWN

    @property
    def body_site(self) -> BodySite:
        return self.bones[0].body_site

    @property
    def side(self) -> Side:
        return self.bones[0].side

    @property
    def because(self) -> str:
        return f"the words say {self.verdict}"


@lru_cache(maxsize=20_000)
def fracture_in_words(text: str) -> WordsMeaning:
    """What a diagnosis or operation in free text says: ``# NOF L`` is a fracture of the left hip."""
    read = clauses(text[:CUT_SHORT])
    segments = [Segment.of(part) for clause in read for part in _segments(clause)]
    _doubt_after(segments)
    verdict = _overall(segments)
    items = [item for clause in read for item in clause]
    return WordsMeaning(verdict, _bones(verdict, segments), _pathological(items), _periprosthetic(items))


@lru_cache(maxsize=20_000)
def side_in_words(text: str) -> Side:
    """The side that words name; both where they name both."""
    return _side({item.value for clause in clauses(text[:CUT_SHORT]) for item in clause if item.kind == "side"})


@lru_cache(maxsize=20_000)
def low_trauma_in_words(text: str) -> Decision:
    """Whether the fracture came by a fall from standing height or less (FLS-DB), as words tell how it came about.

    A height or a vehicle outweighs a trip, and so do stairs, of which nobody said how many.
    """
    said = mechanisms(text[:CUT_SHORT])
    heights = [words for words in said["unclear"] if words not in PLAIN_FALLS]
    for words, decide in (
        (said["high"], no), (heights, unknown), (said["low"], yes), (said["unclear"], unknown), (["not known"], unknown)
    ):  # fmt: skip
        if words:
            return decide(*(f"mechanism: {said_so}" for said_so in words)).under(RULE, TABLE["edition"])
    raise AssertionError("the last row always speaks")


# Words of a fall that say nothing of its height: a trip or a named low height beside them stands.
PLAIN_FALLS = frozenset(TABLE["mechanism"]["plain falls"])


@dataclass(slots=True)
class Segment:
    """The part of a clause from one denial, doubt or "old" to the next, and what it amounts to."""

    items: Clause
    verdict: Verdict
    follows: bool  # on the segment before it, in the same clause

    @classmethod
    def of(cls, part: tuple[Clause, bool]) -> "Segment":
        return cls(part[0], _verdict(part[0]), part[1])

    @property
    def sites(self) -> set[BodySite]:
        return {BodySite(item.value) for item in self.items if item.kind in SITED and item.value != NOT_GIVEN}

    @property
    def elsewhere(self) -> bool:
        """Whether it tells of a picture that doesn't show limbs: "no # on CXR" answers no painful hip."""
        return any(item.kind == "elsewhere" for item in self.items)


NOT_GIVEN = BodySite.UNSPECIFIED.value
NAMES_FRACTURE = frozenset({"fracture", "named", "fixed"})
SITED = frozenset({"site", "named", "fixed", "often"})
OPENING = frozenset({"denial", "suspicion", "old"})
# What may stand between "no" or "?" and the fracture that it speaks of.
PASSED = frozenset({"passed", "site", "side", "osteoporotic", "periprosthetic"}) | NAMES_FRACTURE
DOUBTS_ITS_CAUSE = frozenset({"pathological", "tumour"})  # "?pathological #": the fracture itself isn't doubted


def _segments(clause: Clause) -> list[tuple[Clause, bool]]:
    parts: list[Clause] = []
    for item in clause:
        fresh = not parts or (item.kind in OPENING and parts[-1][-1].kind not in OPENING)
        parts.append([item]) if fresh else parts[-1].append(item)
    return [(part, place > 0) for place, part in enumerate(parts)]


def _verdict(items: Clause) -> Verdict:
    kinds = {item.kind for item in items}
    found = {_of_fracture(items, place) for place, item in enumerate(items) if item.kind in NAMES_FRACTURE}
    if found:
        return min(found, key=list(Verdict).index)
    opening = items[0].kind
    if "no fracture" in kinds:
        return Verdict.DENIED
    if opening == "suspicion" and _reaches_a_bone(items):
        return Verdict.SUSPECTED
    if kinds & {"other injury", "illness"}:
        return _other(opening, kinds)
    if "often" in kinds:
        return Verdict.OLD if opening == "old" else Verdict.OPERATION
    if "site" in kinds or "injury" in kinds:
        return Verdict.SILENT if opening == "denial" else Verdict.UNCLEAR
    return Verdict.REPLACEMENT if "replacement" in kinds else Verdict.SILENT


def _of_fracture(items: Clause, place: int) -> Verdict:
    """What the words before and after this mention of a fracture make of it."""
    causes: set[str] = set()
    for item in reversed(items[:place]):
        if item.kind in OPENING:
            if item.kind == "suspicion" and causes:
                break
            return {"denial": Verdict.DENIED, "suspicion": Verdict.SUSPECTED, "old": Verdict.OLD}[item.kind]
        if item.kind in DOUBTS_ITS_CAUSE:
            causes.add(item.kind)
        elif item.kind not in PASSED:
            break
    after = next((item.kind for item in items[place + 1 :] if item.kind not in PASSED), "")
    return {"denied after": Verdict.DENIED, "doubted after": Verdict.SUSPECTED}.get(after, Verdict.FRACTURE)


def _reaches_a_bone(items: Clause) -> bool:
    """``? scaphoid``, ``?occult``: doubt that speaks of a bone, not of an illness or a cause."""
    if any(item.value == "occult" for item in items if item.kind == "suspicion"):
        return True
    rest = [item for item in items if item.kind not in OPENING]
    first = next((item.kind for item in rest if item.kind not in ("passed", "side")), "")
    return first == "site" and not {"illness", "other injury"} & {item.kind for item in rest}


def _other(opening: str, kinds: set[str]) -> Verdict:
    if opening == "denial":
        return Verdict.SILENT
    if "other injury" in kinds:
        return Verdict.OTHER_INJURY
    return Verdict.UNCLEAR if "injury" in kinds else Verdict.ILLNESS


def _doubt_after(segments: list[Segment]) -> None:
    """``hip # ?``: doubt with nothing of its own behind a fracture is about the fracture."""
    for before, segment in zip(segments, segments[1:], strict=False):
        bare = all(item.kind in ("suspicion", "side", "passed") for item in segment.items)
        if bare and segment.follows and before.verdict is Verdict.FRACTURE:
            before.verdict = Verdict.SUSPECTED


def _overall(segments: list[Segment]) -> Verdict:
    found = {segment.verdict for segment in segments}
    for claim in CLAIMS:
        if claim in found:
            return claim
    if any(segment.verdict is Verdict.UNCLEAR and not _answered(segment, segments) for segment in segments):
        return Verdict.UNCLEAR
    noes = [verdict for verdict in (*NOES, Verdict.REPLACEMENT) if verdict in found]
    return noes[0] if noes else Verdict.SILENT


def _answered(pointing: Segment, segments: list[Segment]) -> bool:
    """Whether a denial, or another injury, answers words that point at a bone or a fall."""
    denials = [segment for segment in segments if segment.verdict is Verdict.DENIED and not segment.elsewhere]
    if denials:
        denied = set().union(*(segment.sites for segment in denials))
        return not denied or pointing.sites <= denied
    return not pointing.sites and any(segment.verdict is Verdict.OTHER_INJURY for segment in segments)


def _bones(verdict: Verdict, segments: list[Segment]) -> tuple[Bone, ...]:
    speaking = [s for s in segments if s.verdict is verdict and s.sites]
    speaking = speaking or [s for s in segments if s.verdict in (*CLAIMS, Verdict.UNCLEAR) and s.sites]
    several = len({site for s in speaking for site in s.sites}) > 1
    # Beside several bones a side counts for all only where it stands alone: nobody said that it is the other's too.
    anywhere = _side({i.value for s in segments for i in s.items if i.kind == "side" and not (several and s.sites)})
    if not speaking or (verdict is Verdict.UNCLEAR and several):
        return (Bone(BodySite.UNSPECIFIED, anywhere),)
    sides = _sides(speaking)
    # Those that are never counted come last: a broken nose must not hide a broken hip.
    ordered = sorted(sides, key=lambda site: site in NEVER_COUNTED)
    return tuple(Bone(site, anywhere if sides[site] is Side.UNKNOWN else sides[site]) for site in ordered)


def _sides(segments: list[Segment]) -> dict[BodySite, Side]:
    """Each bone that the segments name, in their order, with the side said beside it."""
    sides: dict[BodySite, Side] = {}
    for segment in segments:
        for item in _named(segment.items):
            bone = BodySite(item.value)
            sides[bone] = _both(sides.get(bone, Side.UNKNOWN), _side_beside(item, segment.items))
    return sides


def _named(items: Clause) -> list[Item]:
    """The words that name a bone, without those that another names more closely: ``Colles # radius`` is the wrist."""
    sited = [item for item in items if item.kind in SITED and item.value != NOT_GIVEN]
    sites = {item.value for item in sited}
    return [item for item in sited if not _gives_way(item, sites)]


def _gives_way(item: Item, sites: set[str]) -> bool:
    rule = TABLE["gives_way"].get(item.value)
    return bool(rule) and item.words in rule["words"] and bool(sites & set(rule["to"]))


def _side_beside(item: Item, items: Clause) -> Side:
    """The side nearest to the bone where a segment names several bones; else the sides that it names."""
    sides = [other for other in items if other.kind == "side"]
    if not sides:
        return Side.UNKNOWN
    if len({other.value for other in _named(items)}) == 1:
        return _side({other.value for other in sides})
    first_site = next(other for other in items if other.kind in SITED)
    before = items.index(sides[0]) < items.index(first_site)
    place = items.index(item)
    nearest = min(sides, key=lambda s: (abs(items.index(s) - place), (items.index(s) > place) is before))
    return Side(nearest.value)


def _side(values: set[str]) -> Side:
    if not values:
        return Side.UNKNOWN
    return Side(values.pop()) if len(values) == 1 else Side.BOTH


def _both(earlier: Side, later: Side) -> Side:
    return _side({side.value for side in (earlier, later) if side is not Side.UNKNOWN})


def _pathological(items: Clause) -> Answer:
    """Yes only where a tumour and a pathological fracture are named together: the word alone gives no cause."""
    kinds = {item.kind for item in items}
    doubted = any(
        item.kind in DOUBTS_ITS_CAUSE and before.kind in OPENING for before, item in zip(items, items[1:], strict=False)
    )
    if "tumour" in kinds:
        return Answer.YES if "pathological" in kinds and not doubted else Answer.UNKNOWN
    return Answer.NO if "osteoporotic" in kinds else Answer.UNKNOWN


def _periprosthetic(items: Clause) -> Answer:
    return Answer.YES if any(item.kind == "periprosthetic" for item in items) else Answer.UNKNOWN
