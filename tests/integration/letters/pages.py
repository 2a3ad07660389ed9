"""Letters to several parents, as tests print and open them."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from app.messages.links import link_token, typed_code
from tests.integration.test_stale_presses import sent
from tests.support.reading import find_in

AT = "/school/parents/letters"
PILE = "/school/letters"


def make(senco, ids):
    """Choose these in the list, look, and press."""
    chosen = [str(one) for one in ids]
    page = senco.post(AT, data={"chosen": chosen})
    return senco.post(
        f"{AT}/make", data=sent(page.text, f"{AT}/make") | {"chosen": chosen}, follow_redirects=True
    )


def letter_of(own, parent_id):
    return own.rows(
        "select * from document where kind = 'invitation_letter' and parent_id = %s order by created_at desc",
        parent_id,
    )[0]


def read(worker, row) -> PdfReader:
    return PdfReader(BytesIO(worker.storage.get(row["object_key"], row["version_id"])))


def code_in(pdf: PdfReader) -> str:
    """The code as it is printed."""
    return find_in(r"/i/([0-9a-z-]{14})", pdf.pages[0].extract_text().replace("\n", "")).group(1)


def answer(own, browser, code: str, address: str) -> str:
    """Say where a link may go; the link in the message that follows."""
    page = browser.get(f"/i/{code}", follow_redirects=True)
    assert "The letter is only for" in page.text
    said = browser.post(f"/letter/{typed_code(code)}", data={"address": address}, follow_redirects=True)
    assert "Please check your messages" in said.text
    newest = own.rows("select id from outbox where kind = 'sign_in_link' order by created_at desc, id desc")
    return link_token(own.app.config["SECRET_KEY"], newest[0]["id"])
