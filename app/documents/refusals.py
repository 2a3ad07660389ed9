"""How a file is turned away."""

from flask_babel import gettext as _

from app.shell.refusals import Refused


class Erased(Refused):
    """The file of a document that was ready is not kept any more."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_("This document is no longer kept."))


class UploadRefused(Refused):
    """A file that we do not take.

    `reason_for_person` is a sentence for whoever sent it, saying what to do; `code` is a short word for logs
    and counts, and says nothing about the file's content.
    """

    def __init__(self, code: str, reason_for_person: str) -> None:
        super().__init__(reason_for_person, "file")
        self.code = code
        self.reason_for_person = reason_for_person
