"""Other systems that send to us or ask us, each known by a token."""

from django.db import models


class System(models.Model):
    """A system of one site, or of a trust that answers for all its sites (``owner``: the code of either).

    The token itself is kept nowhere: only its sha256, so that a copy of the database opens nothing. ``source`` names
    the feed under which its messages are received; empty where it may not send.
    """

    name = models.CharField(max_length=100, primary_key=True)
    owner = models.CharField(max_length=32)
    source = models.CharField(max_length=100, blank=True)
    finder = models.CharField(max_length=50, blank=True)  # of what it sends, where that stands for one
    may_read = models.BooleanField(default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ends_on = models.DateField(null=True, blank=True)  # the last day on which it opens
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
