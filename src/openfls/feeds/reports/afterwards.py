"""What is said behind a fracture and reaches back to it: *is not seen*, *cannot be excluded*, *: none*, *is likely*."""

from openfls.feeds.reports import lexicon as lex
from openfls.feeds.reports.items import Items
from openfls.feeds.reports.mention import Certainty

REACH = 12  # items between a fracture and a word after it that denies or doubts it
MOST_WORDS = 3  # that the lexicon doesn't know, between the two
BETWEEN = (
    lex.PLACE | lex.SIDE | lex.PREP | lex.SMALL | lex.PASSED | lex.VERB | lex.NUMBER | lex.AGE | lex.NAMED | lex.PART
    | lex.MARK | lex.FRESH | lex.OPEN | lex.CLOSE | lex.SHAPE | lex.WORD | lex.STATED | lex.FRACTURE
)  # fmt: skip
CLOSES = lex.BREAK | lex.COMMA | lex.CLOSE | lex.PREP | lex.AND
SAID_OF_IT = lex.VERB | lex.SMALL | lex.PLACE | lex.PASSED | lex.SIDE


def may_be_missed(items: Items, at: int) -> bool:
    """*Rib fractures may be occult*: nobody's fracture is meant."""
    return any(kinds & lex.MISSED for kinds in items.kinds[at + 1 : at + REACH])


def said_after(items: Items, at: int) -> Certainty | None:
    """Denied or doubted by what follows; None where nothing of the kind does."""
    words = 0
    for on in range(at + 1, min(len(items), at + 1 + REACH)):
        kinds = items.kinds[on]
        if _denies(items, at, on, kinds):
            return Certainty.NEGATED
        if kinds & (lex.CANNOT | lex.NOT | lex.DENIAL) and not kinds & lex.KNOWN:
            return _denial(items, on)
        if kinds & lex.DIFFICULT:
            return Certainty.SUSPECTED if exclusion(items, on) else None
        if kinds & lex.QUESTION:
            return None if items.kind(on + 1) else Certainty.SUSPECTED
        if kinds & lex.DOUBT_AFTER and _is_said_of_it(items, at, on):
            return Certainty.SUSPECTED
        words += bool(kinds & lex.WORD and not kinds & lex.PASSED)
        if words > MOST_WORDS or not _goes_on(items, on, kinds):
            return None
    return None


def _denies(items: Items, at: int, on: int, kinds: int) -> bool:
    """*Is excluded*, *: none*, *parental hip fracture: no*."""
    if kinds & lex.DENIED_AFTER:
        return on == at + 1 or bool(items.kinds[on - 1] & (lex.VERB | lex.STOP))
    return bool(kinds & lex.DENIAL and items.kinds[on - 1] & lex.STOP) and not items.kind(on + 1)


def _goes_on(items: Items, on: int, kinds: int) -> bool:
    if kinds & lex.STOP:
        return bool(items.kind(on + 1) & (lex.DENIED_AFTER | lex.DENIAL))
    return bool(kinds & BETWEEN) and not kinds & (lex.BREAK | lex.AND | lex.COMMA)


def _is_said_of_it(items: Items, at: int, on: int) -> bool:
    """Whether a doubt is said of the fracture (*is likely*), not of what follows it (*likely old*, *likely benign*)."""
    following = items.kind(on + 1)
    if following and not following & CLOSES:
        return False
    return on == at + 1 or bool(items.kinds[on - 1] & SAID_OF_IT)


def _denial(items: Items, on: int) -> Certainty | None:
    """A *not* behind the fracture: *not excluded*, *not seen*; *not seen in 2019* only says that it is new."""
    if exclusion(items, on):
        return Certainty.SUSPECTED
    for later in range(on + 1, min(len(items), on + 5)):
        kinds = items.kinds[later]
        if kinds & lex.SEEN:
            leads = items.kind(later + 1) & (lex.EARLIER | lex.OLD | lex.PREP)
            return None if leads and is_earlier(items, later) else Certainty.NEGATED
        if kinds & (lex.BREAK | lex.COMMA | lex.TRIGGER):
            return None
    return None


def exclusion(items: Items, at: int) -> int:
    """*Cannot be entirely excluded*: the place of what ends it, else 0."""
    for on in range(at + 1, min(len(items), at + 5)):
        kinds = items.kinds[on]
        if kinds & lex.EXCLUDE:
            return on
        if kinds & (lex.BREAK | lex.COMMA | lex.TRIGGER):
            return 0
    return 0


def is_earlier(items: Items, at: int) -> bool:
    """Whether what follows speaks of an earlier time: *on the previous film*, *in 2019*."""
    return any(items.kinds[on] & lex.EARLIER or is_year(items, on) for on in range(at + 1, min(len(items), at + 8)))


def is_year(items: Items, at: int) -> bool:
    return items.kinds[at] & lex.NUMBER > 0 and items.ends[at] - items.starts[at] == 4
