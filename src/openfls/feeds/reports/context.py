"""What a sentence leaves out and the report has said before: the bone, the side, the level; and whose words they are."""

from dataclasses import replace
from functools import cached_property

from openfls.clinical.facts import BodySite, Side
from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.acuity import Acuity
from openfls.feeds.reports.certainty import Certainty
from openfls.feeds.reports.items import Item, items_of
from openfls.feeds.reports.layout import Layout
from openfls.feeds.reports.mention import Mention, Subject

TITLE = 120  # characters at the beginning in which the examination is looked for
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
        self._last: Mention | None = None

    def remember(self, mention: Mention) -> None:
        if mention.claims:
            self._last = mention

    def is_spinal(self, start: int) -> bool:
        """Whether what was said before is about the spine."""
        if self._last is not None and self._last.body_site is BodySite.SPINE:
            return True
        return self._title_site is BodySite.SPINE or self._named_before(start) is BodySite.SPINE

    def completed(self, mention: Mention, start: int, *, of_spine: bool, age_said: bool) -> Mention:
        """The mention with bone, side and age from what was said before its sentence, where it names none.

        ``of_spine``: its words are those of a vertebra that has lost its shape. ``age_said``: in words.
        """
        if mention.certainty is Certainty.NEGATED or mention.subject is Subject.FAMILY:
            return replace(mention, body_site=BodySite.SPINE) if of_spine and mention.body_site is BodySite.UNSPECIFIED else mention
        if mention.body_site is BodySite.UNSPECIFIED:
            mention = self._with_bone(mention, start, of_spine=of_spine)
        last = self._last
        if last is None or last.body_site is not mention.body_site:
            return self._with_side(mention)
        if mention.body_site is BodySite.SPINE and not mention.levels and mention.certainty is Certainty.SUSPECTED:
            mention = replace(mention, levels=last.levels)
        mention = self._with_side(mention)
        same = last.side is mention.side and last.levels == mention.levels and (mention.levels or not of_spine)
        if same and not age_said and mention.acuity is Acuity.INDETERMINATE:
            mention = replace(mention, acuity=last.acuity, known=last.known)
        return mention

    def _with_side(self, mention: Mention) -> Mention:
        if mention.side is not Side.UNKNOWN:
            return mention
        return replace(mention, side=self._side(mention))

    def _with_bone(self, mention: Mention, start: int, *, of_spine: bool) -> Mention:
        named = BodySite.SPINE if of_spine else self._named_before(start)
        last = self._last
        if last is not None and named in (None, last.body_site):
            return replace(mention, body_site=last.body_site, levels=last.levels, part=last.part)
        site = named or self._title_site
        return replace(mention, body_site=site) if site else mention

    def _side(self, mention: Mention) -> Side:
        if mention.body_site in (BodySite.SPINE, BodySite.UNSPECIFIED):
            return Side.UNKNOWN
        if self._last is not None and self._last.body_site is mention.body_site and self._last.side is not Side.UNKNOWN:
            return self._last.side
        sides = {item.means.side for item in self._title if item.kinds & lex.SIDE and item.means.side}
        if len(sides) != 1 or Side.BOTH in sides or not self._same_limb(mention.body_site):
            return Side.UNKNOWN
        return next(iter(sides))

    def _same_limb(self, site: BodySite) -> bool:
        sites = {item.means.site for item in self._title if item.kinds & lex.SITE}
        return any(site in limb and (sites & limb or site in sites) for limb in (ARM, LEG)) or site in sites

    def _named_before(self, start: int) -> BodySite | None:
        """The bone that the sentence before names last."""
        if not start:
            return None
        begin, end = self._layout.sentence_at(start - 1)
        if end - begin > 600 or self._layout.role_at(begin) == "request":
            return None
        items = [item for piece in items_of(self._layout.low, begin, end) for item in piece]
        return next((_site(item) for item in reversed(items) if item.kinds & lex.PLACE), None)

    @cached_property
    def _title(self) -> list[Item]:
        """The examination: as it was given, else the first line of the report."""
        low = self._exam.lower() or self._layout.low[: self._layout.low.find("\n", 0, TITLE) + 1]
        return [item for piece in items_of(low, 0, len(low)) for item in piece]

    @cached_property
    def _title_site(self) -> BodySite | None:
        sites = {_site(item) for item in self._title if item.kinds & lex.PLACE}
        return next(iter(sites)) if len(sites) == 1 else None


def _site(item: Item) -> BodySite:
    return item.means.site or BodySite.SPINE


def in_role(mention: Mention, role: str) -> Mention | None:
    """The mention as its section makes it: a requester's question is no mention, past history is old."""
    if role == "request":
        told = mention.claims and mention.acuity is Acuity.OLD and not mention.known
        return replace(mention, asked=True) if told or mention.subject is Subject.FAMILY else None
    if role in ("past", "prior") and mention.certainty is not Certainty.NEGATED:
        return replace(mention, acuity=Acuity.OLD, known=role == "prior")
    return replace(mention, subject=Subject.FAMILY) if role == "family" else mention
