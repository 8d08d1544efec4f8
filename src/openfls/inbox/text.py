"""Words that come with a message, in a form that every database can hold."""


def storable(words: str) -> str:
    """The words without what PostgreSQL refuses: NUL characters and halves of characters."""
    return words.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
