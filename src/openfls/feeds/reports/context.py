"""What a sentence leaves out and the report has said before: the bone, the side, the level; and whose words it is."""

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items, items_of
from openfls.feeds.reports.layout import Layout, lowered
from openfls.feeds.reports.mention import Acuity, Certainty, Draft
from openfls.feeds.reports.sides import sides_in

TITLE = 120  # characters at the beginning in which the examination is looked for
LONGEST_BEFORE = 600  # characters of a sentence that is looked at for what the next one leaves out
ARM = frozenset(
    {BodySite.HUMERUS, BodySite.FOREARM, BodySite.WRIST, BodySite.HAND, BodySite.CLAVICLE, BodySite.DIGIT}
)  # fmt: skip
LEG = frozenset(
    {BodySite.HIP, BodySite.FEMUR, BodySite.LOWER_LEG, BodySite.ANKLE, BodySite.FOOT, BodySite.DIGIT}
)  # fmt: skip


class Context:
    """Fills as the report is read."""

    def __init__(self, layout: Layout, exam: str) -> None:
        self._layout = layout
        self._exam = exam
        self._last: Draft | None = None
        self._title: tuple[frozenset[BodySite], frozenset[Side]] | None = None

    def remember(self, draft: Draft) -> None:
        if draft.claims:
            self._last = draft

    def is_spinal(self, start: int) -> bool:
        """Whether what was said before is about the spine."""
        if self._last is not None and self._last.site is BodySite.SPINE:
            return True
        return self._title_site() is BodySite.SPINE or self._named_before(start) is BodySite.SPINE

    def complete(self, draft: Draft, start: int) -> None:
        """Fill in bone, side and age from what was said before its sentence, where it names none."""
        if not draft.claims:
            draft.site = BodySite.SPINE if draft.of_vertebra and draft.site is BodySite.UNSPECIFIED else draft.site
            return
        if draft.site is BodySite.UNSPECIFIED:
            self._give_bone(draft, start)
        if draft.side is Side.UNKNOWN:
            draft.side = self._side(draft, start)
        last = self._last
        if last is not None and last.site is draft.site:
            self._give_what_the_last_had(draft, last)

    def _give_what_the_last_had(self, draft: Draft, last: Draft) -> None:
        """The level of a suspicion, and the age of a fracture that is spoken of again."""
        spine = draft.site is BodySite.SPINE
        if spine and not draft.levels and draft.certainty is Certainty.SUSPECTED:
            draft.levels = last.levels
        same = last.side is draft.side and last.levels == draft.levels and (draft.levels or not spine)
        if same and not draft.age_said and draft.acuity is Acuity.INDETERMINATE:
            draft.acuity, draft.known = last.acuity, last.known

    def _give_bone(self, draft: Draft, start: int) -> None:
        named = BodySite.SPINE if draft.of_vertebra else self._named_before(start)
        last = self._last
        if last is not None and named in (None, last.site):
            draft.site, draft.levels, draft.part = last.site, last.levels, last.part
        else:
            draft.site = named or self._title_site() or draft.site

    def _side(self, draft: Draft, start: int) -> Side:
        if draft.site in (BodySite.SPINE, BodySite.UNSPECIFIED):
            return Side.UNKNOWN
        if self._last is not None and self._last.site is draft.site and self._last.side is not Side.UNKNOWN:
            return self._last.side
        named, before = self._before(start)
        if len(before) == 1 and draft.site in named:
            return next(iter(before))
        sites, sides = self._titled()
        if len(sides) != 1 or Side.BOTH in sides or not _same_limb(draft.site, sites):
            return Side.UNKNOWN
        return next(iter(sides))

    def _named_before(self, start: int) -> BodySite | None:
        """The bone that the sentence before names last."""
        sites, _ = self._before(start)
        return sites[-1] if sites else None

    def _before(self, start: int) -> tuple[list[BodySite], set[Side]]:
        """Bones and sides that the sentence before names."""
        if not start:
            return [], set()
        begin, end = self._layout.sentence_at(start - 1)
        if end - begin > LONGEST_BEFORE or self._layout.role_at(begin) == "request":
            return [], set()
        read = list(items_of(self._layout.low, begin, end))
        return [site for items in read for site in _sites(items)], {
            side for items in read for _, side in sides_in(items)
        }

    def _titled(self) -> tuple[frozenset[BodySite], frozenset[Side]]:
        """Bones and sides of the examination: as it was given, else of the first line of the report."""
        if self._title is None:
            low = lowered(self._exam) or self._layout.low[: self._layout.low.find("\n", 0, TITLE) + 1]
            read = list(items_of(low, 0, len(low)))
            sites = frozenset(site for items in read for site in _sites(items))
            self._title = sites, frozenset(side for items in read for _, side in sides_in(items))
        return self._title

    def _title_site(self) -> BodySite | None:
        sites, _ = self._titled()
        return next(iter(sites)) if len(sites) == 1 else None


def _sites(items: Items) -> list[BodySite]:
    return [items.means[at].site or BodySite.SPINE for at, kinds in enumerate(items.kinds) if kinds & lex.PLACE]


def _same_limb(site: BodySite, sites: frozenset[BodySite]) -> bool:
    return site in sites or any(site in limb and sites & limb for limb in (ARM, LEG))


def keep_in_role(draft: Draft, role: str) -> bool:
    """Make the draft what its section makes it: past history is old, what the requester asks is no mention."""
    if role == "request":
        draft.asked = True
        return draft.family or (draft.claims and draft.acuity is Acuity.OLD and not draft.known)
    if role in ("past", "prior") and draft.certainty is not Certainty.NEGATED:
        draft.acuity, draft.known = Acuity.OLD, role == "prior"
    elif role == "family":
        draft.family = True
    return True
