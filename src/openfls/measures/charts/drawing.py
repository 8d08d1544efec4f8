"""From a figure to a picture that goes on a page, on paper and into a report alike.

matplotlib draws; the SVG is then made fit for a page that forbids inline styles: each style becomes attributes. Text
stays text, so that it is searched, enlarged and printed sharply. The picture itself is hidden from screen readers: they
get the finding and the table, which hold the same numbers.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from openfls.clinical.national import NationalLine, national
from openfls.clinical.standards import Standard

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, LINE = "#212b32", "#4c6272", "#8a959c"
DEEP, ALARM, PALE, FAINT = "#12405a", "#a3190e", "#d8dde0", "#eef1f3"
ON_PAGE, ON_PAPER = "arial, sans-serif", "DejaVu Sans"  # paper has the fonts that the picture was measured by
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_DRAWING = Lock()  # matplotlib keeps one cache of fonts for all threads

TextCell = str | int | float | None
Draw = Callable[["Figure"], None]


@dataclass(frozen=True)
class Table:
    """The data of a picture, for those who can't see it or want the numbers. ``heads`` name the columns."""

    heads: tuple[str, ...]
    rows: tuple[tuple[TextCell, ...], ...]


@dataclass(frozen=True)
class Reference:
    """A line to compare with: a national figure, 0 to 1, with where it comes from."""

    label: str
    value: float
    source: str


@dataclass(frozen=True)
class Picture:
    """``finding``: what it shows, in words; it stands beside the picture and is its text for screen readers.
    ``rules``: by which rules it was read, and the source of these."""

    title: str
    finding: str
    table: Table
    size: tuple[float, float]  # inches
    draw: Draw
    rules: tuple[str, ...] = ()

    def svg(self, font: str = ON_PAGE) -> str:
        return fit_for_a_page(self._saved("svg"), font)

    def pdf(self) -> bytes:
        """The same picture as a page of its own, for a report."""
        return self._saved("pdf")

    def _saved(self, form: str) -> bytes:
        import matplotlib
        from matplotlib.figure import Figure

        out = io.BytesIO()
        style: Any = {**STYLE, "svg.hashsalt": self.title}  # the library names each key in its type
        with _DRAWING, matplotlib.rc_context(style):
            figure = Figure(figsize=self.size, layout="constrained")
            self.draw(figure)
            figure.savefig(out, format=form, metadata={"Date" if form == "svg" else "CreationDate": None})
        return out.getvalue()


STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "path.snap": False,
}


def load() -> None:
    """Loads the libraries that draw and reckon, which commands that draw nothing do without."""
    import scipy.special  # noqa: F401 (the other brings the figure with it)


def fit_for_a_page(raw: bytes, font: str = ON_PAGE) -> str:
    """The SVG without what a page's content security policy forbids, hidden from screen readers, its links kept out
    of the order of the keyboard (the table has them)."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(raw)  # noqa: S314 (drawn here, from no one's input)
    for parent in list(root.iter()):
        for child in [one for one in parent if one.tag in _LEFT_OUT]:
            parent.remove(child)
    for element in root.iter():
        _attributes_for_style(element, font)
    root.set("class", "openfls-chart")
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    for name in ("width", "height"):  # its size on the page is the style sheet's; points are no pixels
        root.set(name, root.get(name, "").removesuffix("pt"))
    return ElementTree.tostring(root, encoding="unicode")


_LEFT_OUT = {"{http://www.w3.org/2000/svg}metadata", f"{{{SVG}}}style", f"{{{SVG}}}title"}
_FONT = re.compile(r"(?:(?P<weight>bold|[67]00)\s+)?(?P<size>[\d.]+)px")


def _attributes_for_style(element: ElementTree.Element, font: str) -> None:
    for told in (element.attrib.pop("style", "") or "").split(";"):
        name, _, value = (part.strip() for part in told.partition(":"))
        if name == "font":
            _font(element, value, font)
        elif name:
            element.set(name, value)
    if element.tag == f"{{{SVG}}}a":
        element.set("href", element.attrib.pop(f"{{{XLINK}}}href", ""))
        element.attrib.pop("target", None)
        element.set("tabindex", "-1")


def _font(element: ElementTree.Element, value: str, font: str) -> None:
    """The shorthand has no attribute of its own."""
    found = _FONT.search(value)
    if found:
        element.set("font-size", found["size"])
        element.set("font-family", font)
        if found["weight"]:
            element.set("font-weight", "bold")


def percent_axis(axes: "Axes", low: float = 0.0, high: float = 1.0, which: str = "y") -> None:
    """0 to 100%, with faint lines."""
    from matplotlib.ticker import PercentFormatter

    axis = axes.yaxis if which == "y" else axes.xaxis
    (axes.set_ylim if which == "y" else axes.set_xlim)(low - 0.02, high + 0.02)
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axis.grid(visible=True, color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)


def percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"


PAPER = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1}  # behind words that cross lines
LABEL = 74  # points that the name of a line takes


def references(axes: "Axes", given: Sequence[Reference], *, upright: bool = False) -> None:
    """Dashed lines, each with its name at its end: the source stands beneath the picture."""
    for place, reference in enumerate(given):  # each label beside the last, for two years may be close
        (axes.axvline if upright else axes.axhline)(reference.value, color=INK, linewidth=1, linestyle=(0, (1, 2)))
        if upright:
            axes.annotate(reference.label, (reference.value, 1), xycoords=("data", "axes fraction"),
                          xytext=(2, 2 + 10 * place),
                          textcoords="offset points", fontsize=8.5, bbox=PAPER)  # fmt: skip
        else:
            axes.annotate(reference.label, (0, reference.value), xycoords=("axes fraction", "data"),
                          xytext=(4 + LABEL * place, 2), textcoords="offset points", fontsize=8.5,
                          bbox=PAPER)  # fmt: skip


def published(standard: Standard, *, doubt: bool = True) -> list[Reference]:
    """The national lines of the standard that may be compared with; without the ``doubt`` where that is said once for
    all of them."""
    return [
        Reference(f"nation {line.year}", line.percent / 100, f"{line.source} {line.year}{_doubt(line, doubt)}")
        for line in national(standard.name)
        if line.usable
    ]


def _doubt(line: NationalLine, told: bool) -> str:
    return f"; {line.note}" if told else ""


def fonts() -> Path:
    """Where the fonts lie by which every picture is measured: with them its labels are as long as they were drawn."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
