"""Object keys and download names, which must not be able to carry anything but what they say."""

import uuid
from urllib.parse import unquote

import pytest

from infra.filenames import attachment_disposition
from infra.storage import authority_key, quarantine_key, tenant_key

OWNER, DOCUMENT = uuid.uuid4(), uuid.uuid4()


def test_keys_name_their_tenant_first():
    assert tenant_key(OWNER, DOCUMENT, 3) == f"t/{OWNER}/d/{DOCUMENT}/v3"
    assert authority_key(OWNER, DOCUMENT, 1) == f"a/{OWNER}/d/{DOCUMENT}/v1"
    assert quarantine_key(tenant_key(OWNER, DOCUMENT, 3)) == f"q/t/{OWNER}/d/{DOCUMENT}/v3"
    assert tenant_key(str(OWNER).upper(), DOCUMENT, 3) == tenant_key(OWNER, DOCUMENT, 3)


@pytest.mark.parametrize("owner", ["", "../other", "acme", None, 7])
def test_an_owner_must_be_a_uuid(owner):
    with pytest.raises(ValueError, match="UUID"):
        tenant_key(owner, DOCUMENT, 1)


@pytest.mark.parametrize("version", [0, -1, "1", 1.0, True, None])
def test_a_version_is_a_whole_number_from_one(version):
    with pytest.raises(ValueError, match="version"):
        tenant_key(OWNER, DOCUMENT, version)


@pytest.mark.parametrize("key", ["q/t/x", "x/y", "", "/t/x"])
def test_only_document_keys_have_a_quarantine_twin(key):
    with pytest.raises(ValueError, match="key"):
        quarantine_key(key)


@pytest.mark.parametrize(
    ("given", "saved"),
    [
        ("Agreement.pdf", "Agreement.pdf"),
        ("İpek Doğan’s notes.pdf", "İpek Doğan’s notes.pdf"),
        ('a"b;c.pdf', "a b c.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("../../etc/passwd", "etc passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("notes\u202efdp.exe", "notes fdp.exe"),
        ("100%27.pdf", "100%27.pdf"),
        ("...", "document"),
        ("", "document"),
        ("\x00", "document"),
    ],
)
def test_download_names_keep_letters_and_lose_tricks(given, saved):
    header = attachment_disposition(given)
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')
    assert unquote(header.split("filename*=UTF-8''")[1]) == saved


def test_a_long_name_keeps_its_ending():
    saved = unquote(attachment_disposition("ğ" * 400 + ".pdf").split("UTF-8''")[1])
    assert saved.endswith("ğ.pdf")
    assert len(saved) == 150
