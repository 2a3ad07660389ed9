"""A real SeaweedFS of its own for these tests, on free ports, in a temporary folder."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.embedded import ObjectStore
from demo.embedded.files import Secrets
from demo.embedded.ports import Ports
from infra.storage import ObjectStorage


@pytest.fixture(scope="session")
def weed() -> Iterator[ObjectStore]:
    # Not tmp_path: pytest closes its folders to the unprivileged user that the store runs as.
    folder = Path(tempfile.mkdtemp(prefix="webelong-s3-"))
    folder.chmod(0o711)
    for name in ("log", "pids"):
        (folder / name).mkdir(mode=0o700)
    store = ObjectStore(folder, ports=Ports(folder / "ports.json"), secrets=Secrets(folder / "secrets.json"))
    try:
        store.start()
        yield store
    finally:
        store.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def storage(weed: ObjectStore, request: pytest.FixtureRequest) -> Iterator[ObjectStorage]:
    """A bucket of the test's own, with versions and object lock."""
    bucket = "b-" + request.node.name.lower().replace("_", "-").split("[")[0][:50]
    with ObjectStorage.from_settings(weed.endpoint, weed.access_key, weed.secret_key, bucket) as store:
        store.ensure_bucket()
        yield store
