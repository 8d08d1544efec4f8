"""People: the connected components of records over exact links and human answers, as a set, so order can't matter.

Two records that share a number are one person unless a detail that both give contradicts; an NHS number needs a family
name or date of birth that agrees. Else, and where name and date of birth agree without a number in common, a *doubt*
asks a person. The answer is a fact (`RecordsLinked`, `RecordsSeparated`) and stands above every number and every feed;
what a feed has said against it since is asked. Source of the caution: hazard H3 (wrong patient match), docs/safety.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from openfls.clinical.candidates import Alike
from openfls.clinical.facts import RecordsLinked, RecordsSeparated, RecordsUndecided
from openfls.clinical.patients import PatientRecord, matching_name
from openfls.clinical.versions import current

LinkFact = RecordsLinked | RecordsSeparated | RecordsUndecided
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """Two records that may be one person; a human decides. ``probability``: by their likeness, where it was weighed.
    ``undecided``: who looked at these two people last and couldn't tell."""

    left: str
    right: str
    because: str
    probability: float | None = None
    undecided: RecordsUndecided | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class People:
    """``groups``: the record keys of each person. ``doubts``: at most one for each two people, and for one person whom
    a feed takes apart against a person's answer."""

    groups: tuple[frozenset[str], ...]
    doubts: tuple[Doubt, ...]


NHS_NUMBER, HOSPITAL_NUMBER = 2, 3  # strengths of an edge


@dataclass(frozen=True, slots=True, order=True)
class _Edge:
    strength: int  # 0 a person's answer, 1 a merge by the authority of the number, 2 an NHS number, 3 a hospital number
    pair: Pair


@dataclass(frozen=True, slots=True, order=True)
class _Question:
    """Two records that may be one person. The lower ``rank``, the better the reason to ask."""

    rank: float
    pair: Pair
    because: str


SHARED_NUMBER, NAMESAKES, ALIKE = 0.0, 1.0, 3.0  # an alike pair ranks by its probability, the likeliest first


def people(
    records: Iterable[PatientRecord], links: Iterable[LinkFact] = (), alike: Iterable[Alike] = ()
) -> People:
    """Group records into people and list the doubts between them. ``alike``: pairs to ask about, which join nobody.

    The strongest edges join first; an edge that would bring two records together that a person keeps apart is left
    out, and is a doubt unless that person has spoken about both of its records. Sets in, sets out: any order of
    records and links gives the same answer.
    """
    by_key = {record.key: record for record in sorted(records, key=_spelling)}
    links = list(links)
    told = _told_of_pairs(links, by_key)
    answers = {pair: _answer(facts) for pair, facts in told.items()}
    apart = {pair for pair, fact in answers.items() if isinstance(fact, RecordsSeparated)}
    numbered = list(_number_edges(by_key.values()))
    joined = _Components(by_key, apart)
    edges = {edge for edge, reason in numbered if not reason} | set(_answered_edges(answers))
    refused = {edge.pair for edge in sorted(edges) if not joined.join(edge.pair)}
    questions = [_Question(SHARED_NUMBER, edge.pair, reason) for edge, reason in numbered if reason]
    questions += [*_namesakes(by_key.values()), *_alike(alike, by_key)]
    doubts = _doubts_between(questions, joined, _nhs_numbers(by_key.values(), joined))
    guessed = _guessed(refused, answers, joined)
    denied = _denied_since(told, joined)
    looked = _undecided(links, by_key, joined)
    asked = (doubts | guessed | denied).items()
    return People(joined.groups(), tuple(sorted(replace(doubt, undecided=looked.get(pair)) for pair, doubt in asked)))


def contradiction(a: PatientRecord, b: PatientRecord) -> str:
    """What stands against two records with one number being one person, in words; empty if nothing does."""
    if a.birth_date and b.birth_date and a.birth_date != b.birth_date:
        return f"dates of birth differ: {a.birth_date:%d %b %Y} and {b.birth_date:%d %b %Y}"
    if _differ(a.family_name, b.family_name):
        return f"family names differ: {_compared(a.family_name)} and {_compared(b.family_name)}"
    if _differ(a.given_name, b.given_name) and not _short_form(a.given_name, b.given_name):
        return f"given names differ: {_compared(a.given_name)} and {_compared(b.given_name)}"
    return ""


def _spelling(record: PatientRecord) -> tuple[str, str, str]:
    """Records that differ only in how a name is written share a key: which spelling shows mustn't hang on order."""
    return record.key, record.family_name, record.given_name


def _compared(name: str) -> str:
    """A name as it is compared: of records that share a key, whichever spelling came first is kept."""
    return matching_name(name).upper()


def _differ(a: str, b: str) -> bool:
    """Whether two names differ; one without a letter or digit (a dash, a question mark) says nothing."""
    one, other = matching_name(a), matching_name(b)
    return bool(one and other) and one != other


def _short_form(a: str, b: str) -> bool:
    """``A`` or ``Ann`` for ``Anne``: an initial or a shortened name is not another name."""
    one, other = sorted((matching_name(a), matching_name(b)), key=len)
    return other.startswith(one)


def _number_edges(records: Iterable[PatientRecord]) -> Iterator[tuple[_Edge, str]]:
    """Each two records that share a number, with what contradicts."""
    blocks: dict[tuple[int, str], list[PatientRecord]] = defaultdict(list)
    for record in records:
        if record.nhs_number:
            blocks[NHS_NUMBER, record.nhs_number].append(record)
        for hospital_number in record.hospital_numbers:
            blocks[HOSPITAL_NUMBER, str(hospital_number)].append(record)
    for (strength, number), block in blocks.items():
        for a, b in combinations(block, 2):
            reason = contradiction(a, b) or _unchecked(a, b, strength)
            yield _Edge(strength, _pair(a.key, b.key)), reason and f"the same number {number}, but {reason}"


def _unchecked(a: PatientRecord, b: PatientRecord, strength: int) -> str:
    """An NHS number is known beyond the hospital that holds the record: by itself it links nobody (hazard H3)."""
    same_day = a.birth_date is not None and a.birth_date == b.birth_date
    family = matching_name(a.family_name)
    same_family = bool(family) and family == matching_name(b.family_name)
    checked = same_day or same_family or strength != NHS_NUMBER
    return "" if checked else "neither name nor date of birth to check it by"


def _namesakes(records: Iterable[PatientRecord]) -> Iterator[_Question]:
    """Each two records that agree in full name and date of birth."""
    blocks: dict[tuple[str, str, object], list[PatientRecord]] = defaultdict(list)
    for record in records:
        names = matching_name(record.family_name), matching_name(record.given_name)
        if record.birth_date and all(names):
            blocks[(*names, record.birth_date)].append(record)
    for block in blocks.values():
        for a, b in combinations(block, 2):
            reason = "the same name and date of birth, but no number in common"
            yield _Question(NAMESAKES, _pair(a.key, b.key), reason)


def _alike(alike: Iterable[Alike], known: Container[str]) -> Iterator[_Question]:
    for pair in alike:
        if pair.left in known and pair.right in known:
            rank = ALIKE - pair.likeness.probability
            yield _Question(rank, (pair.left, pair.right), f"{pair.because}; no number in common")


def _nhs_numbers(records: Iterable[PatientRecord], joined: "_Components") -> dict[str, set[str]]:
    """The NHS numbers of each person, by root."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.nhs_number:
            numbers[joined.root(record.key)].add(record.nhs_number)
    return numbers


def _told_of_pairs(links: Iterable[LinkFact], known: Iterable[str]) -> dict[Pair, list[LinkFact]]:
    """What is said of each two records, the newest last."""
    told: dict[Pair, list[LinkFact]] = defaultdict(list)
    for fact in _standing(links, known):
        if not isinstance(fact, RecordsUndecided):  # who couldn't tell has answered nothing
            told[_pair(fact.record.key, fact.other.key)].append(fact)
    return told


def _answer(told: Sequence[LinkFact]) -> LinkFact:
    """The newest of what people said; of what feeds said only where no person spoke."""
    return next((fact for fact in reversed(told) if not fact.by_feed), told[-1])


def _denied_since(told: dict[Pair, list[LinkFact]], joined: "_Components") -> dict[Pair, Doubt]:
    """A feed that learnt or decided otherwise after a person answered: the answer stands, and the person is asked
    again. By the receipt, for whoever answered could not know of a message still to come."""
    doubts: dict[Pair, Doubt] = {}
    for pair, facts in sorted(told.items()):
        answer = _answer(facts)
        against = [f for f in facts if f.by_feed and f.kind != answer.kind and f.known > answer.said]
        if against and not answer.by_feed:
            latest = max(against, key=lambda fact: (fact.known, fact.id))
            doubts[_pair(*(joined.root(key) for key in pair))] = Doubt(*pair, _against(latest, answer))
    return doubts


def _against(feed: LinkFact, answer: LinkFact) -> str:
    if isinstance(feed, RecordsLinked):
        return f"{feed.source.system} merged on {feed.occurred} what {answer.by} keeps apart since {answer.occurred}"
    return f"{feed.source.system} separated on {feed.occurred} what {answer.by} linked on {answer.occurred}"


def _standing(links: Iterable[LinkFact], known: Iterable[str]) -> list[LinkFact]:
    """In order of when they were said; of one statement's versions only the current one speaks."""
    keys = set(known)
    standing = [fact for fact in current(links) if isinstance(fact, LinkFact) and not fact.retracted]
    pairs = [(fact, {fact.record.key, fact.other.key}) for fact in standing]
    about_these = [fact for fact, pair in pairs if len(pair) == 2 and pair <= keys]
    return sorted(about_these, key=lambda fact: (fact.said, fact.id))


def _undecided(
    links: Iterable[LinkFact], known: Iterable[str], joined: "_Components"
) -> dict[Pair, RecordsUndecided]:
    """By each two people (their roots) the last that somebody couldn't tell."""
    told = (fact for fact in _standing(links, known) if isinstance(fact, RecordsUndecided))
    return {_pair(joined.root(fact.record.key), joined.root(fact.other.key)): fact for fact in told}


def _answered_edges(answers: dict[Pair, LinkFact]) -> Iterator[_Edge]:
    for pair, fact in answers.items():
        if isinstance(fact, RecordsLinked):
            yield _Edge(1 if fact.by_feed else 0, pair)


def _guessed(refused: set[Pair], answers: dict[Pair, LinkFact], joined: "_Components") -> dict[Pair, Doubt]:
    """A record that fits two people kept apart stands with one of them by chance of order: a person must say."""
    spoken_of = {key for pair in answers for key in pair}
    reason = "one person by number or answer, but records of the two are kept apart"
    doubts: dict[Pair, Doubt] = {}
    for pair in sorted(refused):
        linked = isinstance(answers.get(pair), RecordsLinked)
        if linked or not spoken_of.issuperset(pair):
            doubts.setdefault(_pair(*(joined.root(key) for key in pair)), Doubt(*pair, reason))
    return doubts


def _doubts_between(
    questions: Iterable[_Question], joined: "_Components", numbers: Mapping[str, set[str]]
) -> dict[Pair, Doubt]:
    """The doubts across people that no answer has settled, one for each two people. Where both have NHS numbers and
    share none, they are told apart, however alike; a number shared in spite of a contradiction is asked about."""
    chosen: dict[Pair, Doubt] = {}
    for question in sorted(questions):
        roots = joined.root(question.pair[0]), joined.root(question.pair[1])
        if roots[0] == roots[1] or joined.kept_apart(*roots):
            continue
        theirs = [numbers.get(root, set()) for root in roots]
        told_apart = all(theirs) and theirs[0].isdisjoint(theirs[1])
        if question.rank == SHARED_NUMBER or not told_apart:
            chosen.setdefault(_pair(*roots), Doubt(*question.pair, question.because))
    return chosen


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)


class _Components:
    """Union-find that refuses to join what must stay apart."""

    def __init__(self, keys: Iterable[str], apart: set[Pair]) -> None:
        self._parent = {key: key for key in keys}
        self._members = {key: {key} for key in self._parent}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for a, b in apart:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def root(self, key: str) -> str:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def kept_apart(self, a: str, b: str) -> bool:
        return any(not self._members[b].isdisjoint(self._apart[key]) for key in self._members[a] if key in self._apart)

    def join(self, pair: Pair) -> bool:
        """Whether the two stand together afterwards."""
        a, b = self.root(pair[0]), self.root(pair[1])
        if a == b:
            return True
        if self.kept_apart(a, b):
            return False
        small, large = sorted((a, b), key=lambda root: (len(self._members[root]), root))
        self._parent[small] = large
        self._members[large] |= self._members.pop(small)
        return True

    def groups(self) -> tuple[frozenset[str], ...]:
        return tuple(sorted((frozenset(group) for group in self._members.values()), key=min))
