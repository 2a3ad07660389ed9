"""The wrapper against a real S3 store: versions, locks, links, wrong keys, outages."""

import hashlib
import socket
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from infra.storage import (
    ObjectDamaged,
    ObjectMissing,
    ObjectStorage,
    StorageError,
    StorageUnavailable,
    quarantine_key,
    tenant_key,
)

PDF = "application/pdf"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def key() -> str:
    return tenant_key(uuid.uuid4(), uuid.uuid4(), 1)


def test_a_stored_object_can_be_read_back(storage, key):
    data = b"minutes" * 1000
    version = storage.put(key, data, PDF, digest(data))
    assert storage.get(key) == data
    assert storage.get(key, version, sha256=digest(data)) == data


def test_a_store_says_what_it_holds_and_never_guesses(storage, key):
    assert not storage.holds(key)
    version = storage.put(key, b"one", PDF, digest(b"one"))
    assert storage.holds(key)
    assert storage.holds(key, version)
    storage.remove(key)
    assert not storage.holds(key)
    assert not storage.holds(key, version)
    nowhere = dict(vars(storage)) | {"bucket": "no-such-bucket"}
    fields = ("endpoint", "access_key", "secret_key", "bucket", "region")
    with ObjectStorage(*(nowhere[name] for name in fields)) as other, pytest.raises(StorageUnavailable):
        other.holds(key)


def test_a_second_put_keeps_the_first_version(storage, key):
    first = storage.put(key, b"one", PDF, digest(b"one"))
    second = storage.put(key, b"two", PDF, digest(b"two"))
    assert first != second
    assert storage.get(key, first) == b"one"
    assert storage.get(key, second) == b"two"


def test_a_checksum_of_other_bytes_stores_nothing(storage, key):
    with pytest.raises(ValueError, match="checksum"):
        storage.put(key, b"one", PDF, digest(b"two"))
    with pytest.raises(ObjectMissing):
        storage.get(key)


def test_reading_with_another_checksum_is_damage(storage, key):
    storage.put(key, b"one", PDF, digest(b"one"))
    with pytest.raises(ObjectDamaged):
        storage.get(key, sha256=digest(b"two"))


def test_missing_object_and_missing_version(storage, key):
    with pytest.raises(ObjectMissing):
        storage.get(key)
    storage.put(key, b"one", PDF, digest(b"one"))
    with pytest.raises(ObjectMissing):
        storage.get(key, "0123456789abcdef0123456789abcdef")


def test_promotion_copies_out_of_quarantine(storage, key):
    waiting = storage.put(quarantine_key(key), b"scanned", PDF, digest(b"scanned"))
    version = storage.copy(quarantine_key(key), key, version_id=waiting)
    storage.delete(quarantine_key(key), waiting)
    assert storage.get(key, version) == b"scanned"
    with pytest.raises(ObjectMissing):
        storage.get(quarantine_key(key))


def test_copying_what_is_not_there(storage, key):
    with pytest.raises(ObjectMissing):
        storage.copy(quarantine_key(key), key)


def test_deleting_takes_one_version_only(storage, key):
    first = storage.put(key, b"one", PDF, digest(b"one"))
    second = storage.put(key, b"two", PDF, digest(b"two"))
    storage.delete(key, second)
    assert storage.get(key, first) == b"one"
    with pytest.raises(ObjectMissing):
        storage.get(key, second)
    storage.delete(key, second)


def test_a_locked_version_stays_until_erasure_asks(storage, key):
    until = datetime.now(UTC) + timedelta(days=1)
    version = storage.put(key, b"signed", PDF, digest(b"signed"), retain_until=until)
    with pytest.raises(StorageError) as refused:
        storage.delete(key, version)
    assert not isinstance(refused.value, StorageUnavailable)
    assert storage.get(key, version) == b"signed"
    storage.delete(key, version, before_retention_ends=True)
    with pytest.raises(ObjectMissing):
        storage.get(key, version)


def test_a_link_downloads_as_an_attachment_with_a_fixed_type(storage, key):
    version = storage.put(key, b"<script>", "text/html", digest(b"<script>"))
    storage.put(key, b"newer", PDF, digest(b"newer"))
    link = storage.presign(
        key, filename="Ayşe's notes\r\nX-Evil: 1.pdf", content_type=PDF, version_id=version
    )
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert answer.read() == b"<script>"
        assert answer.headers["Content-Type"] == PDF
        assert answer.headers["X-Evil"] is None
        disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert unquote(disposition.split("UTF-8''")[1]) == "Ayşe's notes X-Evil 1.pdf"


@pytest.mark.parametrize("change", ["signature", "key", "name"])
def test_a_changed_link_is_refused(storage, key, change):
    storage.put(key, b"one", PDF, digest(b"one"))
    link = storage.presign(key, filename="a.pdf", content_type=PDF)
    other = {
        "signature": link[:-1] + ("0" if link[-1] != "0" else "1"),
        "key": link.replace(key, key[:-1] + "2"),
        "name": link.replace("a.pdf", "b.exe"),
    }[change]
    assert other != link
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(other, timeout=10)
    refused.value.close()
    assert refused.value.code == 403


def test_a_link_ends(storage, key):
    storage.put(key, b"one", PDF, digest(b"one"))
    link = storage.presign(key, filename="a.pdf", content_type=PDF, seconds=60)
    assert "X-Amz-Expires=60" in link
    ended = storage.presign(key, filename="a.pdf", content_type=PDF, seconds=-1)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(ended, timeout=10)
    refused.value.close()
    assert refused.value.code in {400, 403}


def test_wrong_keys_are_an_outage_in_our_words(weed, storage, key):
    with ObjectStorage.from_settings(weed.endpoint, weed.access_key, "wrong", storage.bucket) as stranger:
        assert not stranger.healthy()
        with pytest.raises(StorageUnavailable):
            stranger.get(key)
        with pytest.raises(StorageUnavailable):
            stranger.put(key, b"one", PDF, digest(b"one"))


def test_a_missing_bucket_is_an_outage(weed, key):
    with ObjectStorage.from_settings(weed.endpoint, weed.access_key, weed.secret_key, "nowhere") as store:
        assert not store.healthy()
        with pytest.raises(StorageUnavailable):
            store.get(key)


def test_health_of_a_store_that_answers(storage):
    assert storage.healthy()


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_store_that_is_down(closed_port, key):
    with ObjectStorage.from_settings(f"http://127.0.0.1:{closed_port}", "a", "b", "c") as store:
        assert not store.healthy()
        for act in (
            lambda: store.put(key, b"one", PDF, digest(b"one")),
            lambda: store.get(key),
            lambda: store.copy(key, key),
            lambda: store.delete(key, "v"),
            store.ensure_bucket,
        ):
            with pytest.raises(StorageUnavailable) as outage:
                act()
            assert key not in str(outage.value)
        assert store.presign(key, filename="a.pdf", content_type=PDF).startswith("http://127.0.0.1")


def test_health_of_a_store_that_never_answers():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with ObjectStorage.from_settings(
            f"http://127.0.0.1:{silent.getsockname()[1]}", "a", "b", "c"
        ) as store:
            assert not store.healthy()


def test_links_use_the_public_address(key):
    with ObjectStorage.from_settings(
        "http://storage.internal:8333", "a", "b", "c", public_endpoint="https://files.example.org"
    ) as store:
        link = store.presign(key, filename="a.pdf", content_type=PDF)
    assert link.startswith(f"https://files.example.org/c/{key}?")


def test_the_secret_is_not_printed():
    assert "hush" not in repr(ObjectStorage.from_settings("http://x", "a", "hush", "c"))
