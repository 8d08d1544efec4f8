"""A watched folder, as an SFTP server fills it: whole files are stored in the inbox, then moved to ``received/``."""

from openfls.inbox.watching.watcher import RECEIVED, Look, Watcher

__all__ = ["RECEIVED", "Look", "Watcher"]
