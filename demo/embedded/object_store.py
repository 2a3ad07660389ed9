"""SeaweedFS as S3 storage under one folder, on loopback with keys."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from demo.embedded.account import account_for
from demo.embedded.errors import StartError
from demo.embedded.files import Secrets, write_json
from demo.embedded.ports import COMPANION, Ports
from demo.embedded.process import Child, Record, stop_leftover
from demo.embedded.programs import seaweedfs_program

BUCKET = "webelong"
PROBE = "webelong-ready"
REGION = "eu-west-2"
# A restart must come back at the address that everybody knows.
RESTART_PATIENCE = 5.0
START_SECONDS = 40.0
_PARTS = ("master", "volume", "filer", "s3", "admin")


class ObjectStore:
    """One S3 endpoint with one bucket: versioned, object lock possible."""

    bucket = BUCKET

    def __init__(
        self, folder: Path, *, ports: Ports, secrets: Secrets, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.data = folder / "s3"
        self._identities = folder / "s3.json"
        self._ports = ports
        self._secrets = secrets
        self._record = Record(folder / "pids" / "s3.json")
        self._child = Child(
            "The S3 storage", log=folder / "log" / "s3.log", record=self._record, cancelled=cancelled
        )
        self.port = 0

    @property
    def access_key(self) -> str:
        return self._secrets.get("s3_access")

    @property
    def secret_key(self) -> str:
        return self._secrets.get("s3_secret")

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self._child.log

    @property
    def name(self) -> str:
        return self._child.name

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def pid(self) -> int | None:
        return self._child.pid

    def start(self) -> None:
        """Starts the storage, waits until it answers and makes the bucket on first use. Raises StartError."""
        stop_leftover(self._record)
        account = account_for(self.data)
        account.own(self.data)
        patience = RESTART_PATIENCE if self.port else 0
        ports = {part: self._ports.get(f"s3_{part}", companion=True, patience=patience) for part in _PARTS}
        self.port = ports["s3"]
        _remove_sockets(ports)
        self._write_identities()
        account.give(self._identities)
        command, options = account.wrap(
            [str(seaweedfs_program()), *self._arguments(ports)],
            seaweedfs_program(),
            self.data,
            self._identities,
        )
        environment = {"PATH": os.defpath, "HOME": str(self.data), "LC_ALL": "C", **self._signing()}
        self._child.start(command, cwd="/", env=environment, **options)
        try:
            self._child.wait_until(self._answers, seconds=START_SECONDS)
            self._make_bucket(self.bucket, versioned=True)
            self._make_bucket(PROBE, versioned=False)
            self._child.wait_until(self._reads, seconds=START_SECONDS)
        except _refusals() as error:
            self.stop()
            raise StartError(f"The S3 storage refused to make its bucket: {error}") from error
        except BaseException:
            self.stop()
            raise

    def stop(self, *, seconds: float = 10.0) -> None:
        self._child.ask_to_stop(signal.SIGTERM)
        self._child.finish(seconds=seconds)
        _remove_sockets({part: self._ports.known(f"s3_{part}") for part in _PARTS})

    def client(self) -> Any:
        """A boto3 client for the storage."""
        # Imported while PostgreSQL and Redis start, not before: it takes as long as they do.
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=REGION,
            config=Config(retries={"max_attempts": 0}, connect_timeout=2, read_timeout=10),
        )

    def _arguments(self, ports: dict[str, int]) -> list[str]:
        return [
            "-logtostderr=true",
            "mini",
            f"-dir={self.data}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            *(f"-{part}.port={port}" for part, port in ports.items()),
            # A second SeaweedFS on the machine would die on the fixed ports of these two.
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-webdav=false",
            "-admin.ui=false",
            "-s3.iam=false",
            "-master.telemetry=false",
            "-volume.preStopSeconds=0",
            f"-s3.config={self._identities}",
        ]

    def _signing(self) -> dict[str, str]:
        # SeaweedFS's own parts talk HTTP too; with these keys they answer each other only.
        names = ("SIGNING", "SIGNING_READ", "FILER_SIGNING", "FILER_SIGNING_READ")
        return {f"WEED_JWT_{name}_KEY": self._secrets.get(f"seaweedfs_{name.lower()}") for name in names}

    def _write_identities(self) -> None:
        identity = {
            "name": "webelong",
            "credentials": [{"accessKey": self.access_key, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        }
        write_json(self._identities, {"identities": [identity]})

    def _answers(self) -> bool:
        try:
            self._s3.list_buckets()
        except _refusals():
            return False
        return True

    def _reads(self) -> bool:
        """Can a file be read? The S3 part answers before it has heard where the files lie.

        A later start reads what an earlier one wrote: files written now say nothing about those.
        """
        try:
            self._s3.get_object(Bucket=PROBE, Key="ready")["Body"].read()
        except _refusals() as error:
            if getattr(error, "response", {}).get("Error", {}).get("Code") != "NoSuchKey":
                return False
        else:
            return True
        with suppress(*_refusals()):
            self._s3.put_object(Bucket=PROBE, Key="ready", Body=b"ready")
        return False

    def _make_bucket(self, bucket: str, *, versioned: bool) -> None:
        names = [found["Name"] for found in self._s3.list_buckets()["Buckets"]]
        if bucket not in names:
            # Object lock can only be chosen now, and it turns versioning on.
            self._s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=versioned)
        if versioned:
            self._s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    @property
    def _s3(self) -> Any:
        if self._client_port != self.port:
            self._client, self._client_port = self.client(), self.port
        return self._client

    _client: Any = None
    _client_port = 0


def _refusals() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


def _remove_sockets(ports: Mapping[str, int | None]) -> None:
    """Removes the socket files of our own ports: SeaweedFS puts them in /tmp and leaves them there."""
    for part, port in ports.items():
        if port is None:
            continue
        for name in (f"seaweedfs-{part}-grpc-{port + COMPANION}.sock", f"seaweedfs-{part}-{port}.sock"):
            path = Path("/tmp") / name  # noqa: S108  # nosec B108
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StartError(f"{path} of another user is in the way: {error}") from error
