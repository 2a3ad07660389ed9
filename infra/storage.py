"""Keep files in an S3-compatible store, and hand them out by short-lived links.

Keys hold ids only: a tenant's key begins with ``t/<school>/``, an authority's with ``a/<authority>/``, and
that nobody has scanned yet sits under the same key behind ``q/``. The database ties each key to its tenant.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from types import TracebackType
from typing import Any, TypeVar
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.filenames import attachment_disposition

CONNECT_SECONDS = 3
READ_SECONDS = 10
RETRIES = 2
HEALTH_SECONDS = 2
LINK_SECONDS = 60

_T = TypeVar("_T")

_MISSING = {"NoSuchKey", "NoSuchVersion", "404", "NotFound", "MethodNotAllowed"}


class StorageError(Exception):
    """Anything that the object store could not do."""


class StorageUnavailable(StorageError):
    """The store did not answer, answered with a fault, or refused our keys: try again later."""


class ObjectMissing(StorageError):
    """The store answered, and there is no such object or version."""


class ObjectDamaged(StorageError):
    """What came back is not what was stored: the checksum differs."""


# --- keys ------------------------------------------------------------------------------------------------


def tenant_key(school_id: object, document_id: object, version: int) -> str:
    """The key of one version of a school's document: ``t/<school>/d/<document>/v<n>``."""
    return _key("t", school_id, document_id, version)


def authority_key(authority_id: object, document_id: object, version: int) -> str:
    """The key of one version of an authority's document: ``a/<authority>/d/<document>/v<n>``."""
    return _key("a", authority_id, document_id, version)


def quarantine_key(key: str) -> str:
    """Where the file for `key` waits until it is scanned: the same key behind ``q/``."""
    if not key.startswith(("t/", "a/")):
        raise ValueError(f"not a document key: {key!r}")
    return f"q/{key}"


def _key(prefix: str, owner_id: object, document_id: object, version: int) -> str:
    """Build a key out of two UUIDs and a number from 1; anything else is a ValueError."""
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ValueError(f"a version is a whole number from 1, not {version!r}")
    return f"{prefix}/{UUID(str(owner_id))}/d/{UUID(str(document_id))}/v{version}"


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of an object, and when it was stored."""

    key: str
    version_id: str
    stored_at: datetime


# --- the store -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ObjectStorage(AbstractContextManager["ObjectStorage"]):
    """One bucket of an S3-compatible store. Safe to share between threads; close it when done."""

    endpoint: str | None
    access_key: str
    secret_key: str = field(repr=False)
    bucket: str
    region: str = "us-east-1"
    public_endpoint: str | None = None

    @classmethod
    def from_settings(
        cls,
        endpoint: str | None,
        access_key: str,
        secret_key: str,
        bucket: str,
        region: str = "us-east-1",
        *,
        public_endpoint: str | None = None,
    ) -> "ObjectStorage":
        """A store from its settings. Nothing is contacted yet.

        `endpoint` is None for AWS itself; `public_endpoint` is the address for browsers, where it differs.
        """
        return cls(endpoint, access_key, secret_key, bucket, region, public_endpoint)

    def put(
        self, key: str, data: bytes, content_type: str, sha256: str, *, retain_until: datetime | None = None
    ) -> str:
        """Store `data` as a new version of `key` and return the version's id.

        `sha256` (hexadecimal) must be that of `data`, else ValueError: the row that records it and the bytes
        can then never disagree. `retain_until` locks the version (governance mode) until that moment.
        """
        if hashlib.sha256(data).hexdigest() != sha256.lower():
            raise ValueError("the checksum is not that of the data")
        answer = self._ask(
            lambda: self._client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=data,
                ContentType=content_type,
                ContentMD5=b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
                Metadata={"sha256": sha256.lower()},
                **_lock(retain_until),
            )
        )
        return answer.get("VersionId", "null")

    def get(self, key: str, version_id: str | None = None, *, sha256: str | None = None) -> bytes:
        """The bytes of `key`, newest version unless told. ObjectMissing where there is none.

        With `sha256`, bytes that do not match it raise ObjectDamaged.
        """

        def read() -> bytes:
            answer = self._client.get_object(Bucket=self.bucket, Key=key, **_version(version_id))
            with answer["Body"] as body:
                return body.read()

        data = self._ask(read)
        if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256.lower():
            raise ObjectDamaged(key)
        return data

    def holds(self, key: str, version_id: str | None = None) -> bool:
        """Whether `key` can be read now, newest version unless told; answered within two seconds.

        Raises StorageUnavailable where the store does not say.
        """
        try:
            self._ask(
                lambda: self._health_client.head_object(Bucket=self.bucket, Key=key, **_version(version_id))
            )
        except ObjectMissing:
            # An answer to HEAD has no words: a store without its bucket says the same of everything.
            if not self.healthy():
                raise StorageUnavailable("no bucket") from None
            return False
        return True

    def copy(
        self,
        source_key: str,
        target_key: str,
        *,
        version_id: str | None = None,
        retain_until: datetime | None = None,
    ) -> str:
        """Copy a version of `source_key` inside the store, and return the version id at `target_key`."""
        answer = self._ask(
            lambda: self._client.copy_object(
                Bucket=self.bucket,
                Key=target_key,
                CopySource={"Bucket": self.bucket, "Key": source_key, **_version(version_id)},
                **_lock(retain_until),
            )
        )
        return answer.get("VersionId", "null")

    def delete(self, key: str, version_id: str, *, before_retention_ends: bool = False) -> None:
        """Delete one version for good; deleting what is not there is no error.

        A locked version is refused with StorageError, unless erasure asks with `before_retention_ends`.
        """
        bypass: dict[str, Any] = {"BypassGovernanceRetention": True} if before_retention_ends else {}
        try:
            self._ask(
                lambda: self._client.delete_object(
                    Bucket=self.bucket, Key=key, VersionId=version_id, **bypass
                ),
                locked=True,
            )
        except ObjectMissing:
            return

    def list_versions(self, prefix: str) -> list[StoredVersion]:
        """Every version under `prefix`, by key; also those that a later version or a deletion hides."""
        found: list[StoredVersion] = []
        marks: dict[str, str] = {}
        while True:
            page = self._ask(
                partial(self._client.list_object_versions, Bucket=self.bucket, Prefix=prefix, **marks)
            )
            found += [
                StoredVersion(item["Key"], item["VersionId"], item["LastModified"])
                for item in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            ]
            if not page.get("IsTruncated"):
                return sorted(found, key=lambda version: version.key)
            marks = {"KeyMarker": page["NextKeyMarker"]}
            if page.get("NextVersionIdMarker"):
                marks["VersionIdMarker"] = page["NextVersionIdMarker"]

    def remove(self, key: str) -> None:
        """Delete every version of `key` for good."""
        for version in self.list_versions(key):
            if version.key == key:
                self.delete(key, version.version_id)

    def presign(
        self,
        key: str,
        *,
        filename: str,
        content_type: str,
        seconds: int = LINK_SECONDS,
        version_id: str | None = None,
    ) -> str:
        """A link that downloads `key` for `seconds`, always as an attachment of this name and type.

        Signed here, without asking the store: it works even while the store is down.
        """
        return self._signer.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "ResponseContentDisposition": attachment_disposition(filename),
                "ResponseContentType": content_type,
                "ResponseCacheControl": "no-store",
                **_version(version_id),
            },
            ExpiresIn=seconds,
        )

    def healthy(self) -> bool:
        """Whether the bucket answers within two seconds. Never raises."""
        try:
            self._health_client.head_bucket(Bucket=self.bucket)
        except (BotoCoreError, ClientError):
            return False
        return True

    def ensure_bucket(self) -> None:
        """Make the bucket if it is missing, with versions and object lock. Safe to run again."""
        try:
            self._ask(lambda: self._client.head_bucket(Bucket=self.bucket))
        except ObjectMissing:
            self._ask(lambda: self._client.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=True))
        self._ask(
            lambda: self._client.put_bucket_versioning(
                Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"}
            )
        )

    def close(self) -> None:
        """Close the connections that were opened."""
        for name in ("_client", "_signer", "_health_client"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _client(self) -> Any:
        return self._connect(self.endpoint)

    @cached_property
    def _signer(self) -> Any:
        return self._connect(self.public_endpoint or self.endpoint)

    @cached_property
    def _health_client(self) -> Any:
        return self._connect(self.endpoint, connect=HEALTH_SECONDS / 2, read=HEALTH_SECONDS / 2, retries=0)

    def _connect(
        self,
        endpoint: str | None,
        *,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
        retries: int = RETRIES,
    ) -> Any:
        # A session of its own: making clients from the shared default one is not thread-safe.
        return boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=connect,
                read_timeout=read,
                retries={"total_max_attempts": retries + 1, "mode": "standard"},
                # Newer defaults add checksums that many S3-compatible stores refuse.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def _ask(self, call: Callable[[], _T], *, locked: bool = False) -> _T:
        """Run `call`, and say every fault in this module's own words.

        `locked` says that a refusal may mean "this version is locked" and not "the store refuses our keys".
        """
        try:
            return call()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in _MISSING or (status == 404 and code != "NoSuchBucket"):
                raise ObjectMissing(code) from None
            if locked and status == 403:
                raise StorageError(f"the store refused to delete this version ({code})") from None
            raise StorageUnavailable(code or f"status {status}") from None
        except BotoCoreError as error:
            raise StorageUnavailable(type(error).__name__) from None


def _version(version_id: str | None) -> dict[str, str]:
    return {"VersionId": version_id} if version_id else {}


def _lock(retain_until: datetime | None) -> dict[str, Any]:
    if retain_until is None:
        return {}
    return {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": retain_until}
