"""How a file is turned away."""

from app.shell.refusals import Refusal


class Erased(Exception):
    """The file of a document that was ready is not kept any more."""


class UploadRefused(Refusal):
    """A file that we do not take.

    `reason_for_person` is a sentence for whoever sent it, saying what to do; `code` is a short word for logs
    and counts, and says nothing about the file's content.
    """

    def __init__(self, code: str, reason_for_person: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason_for_person = reason_for_person

    @property
    def words(self) -> str:
        return self.reason_for_person
