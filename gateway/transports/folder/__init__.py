"""Drop folders: files in, files out (ARCHITECTURE decision 7)."""

from gateway.transports.folder.claim import ClaimedFile, StillWritten
from gateway.transports.folder.end_marks import closed_is_complete, edifact_complete
from gateway.transports.folder.sender import FolderSender
from gateway.transports.folder.settings import Disposition, FolderSettings, FolderTrouble, StuckFile
from gateway.transports.folder.transport import FolderTransport

__all__ = [
    "ClaimedFile",
    "Disposition",
    "FolderSender",
    "FolderSettings",
    "FolderTransport",
    "FolderTrouble",
    "StillWritten",
    "StuckFile",
    "closed_is_complete",
    "edifact_complete",
]
