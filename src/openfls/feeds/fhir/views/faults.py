"""Why a ViewDefinition can't be compiled: what is wrong, where in it, and how to mend it."""


class CannotCompile(ValueError):
    """Raised when a view is loaded, never while it runs: what isn't supported gives no silent null."""

    def __init__(self, reason: str, mend: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason} {mend}" if place else f"{reason} {mend}")
        self.reason, self.mend, self.place = reason, mend, place

    def at(self, place: str) -> "CannotCompile":
        """The same fault with its place, unless it has one."""
        return self if self.place else CannotCompile(self.reason, self.mend, place)
