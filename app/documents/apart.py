"""Files that somebody sent are looked at in a process of its own, which may not take long nor much memory.

A file can be made so that reading it takes hours, and what reads it holds up every page of its process. The child is
forked from a small server that has the checks loaded (`multiprocessing`'s forkserver), and is killed when it is slow.
What it answers is read as plain values, never as objects: a parser that a file has taken over may say anything.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from threading import BoundedSemaphore

from flask_babel import gettext as _

from app.documents.checks import MAX_BYTES, CheckedUpload, check_upload
from app.documents.photos import check_photo
from app.documents.refusals import UploadRefused
from infra.logs import get_logger

#: Seconds of processor, and by the clock on a busy machine. A scan of 10 MB takes less than one.
PROCESSOR, PATIENCE = 10, 30
#: Bytes. A picture of the most pixels that we take needs half of it.
MEMORY = 1_500_000_000
#: Bytes of what the child says of a file, beside the file.
MOST_SAID = 10_000
#: At once in one web process, and seconds to wait for a turn; others are asked to come back, so that pages stay free.
AT_ONCE, TURN = 1, 2

#: What the server of children has loaded before a file comes.
LOADED = ["app.documents.checks", "app.documents.photos"]

log = get_logger()
_places = BoundedSemaphore(AT_ONCE)


def load_ahead(module: str) -> None:
    """Have the work of another package (`look_apart`) loaded too, before `get_ready`: a child takes seconds to load it
    while other work waits."""
    if module not in LOADED:
        LOADED.append(module)


def get_ready() -> None:
    """Start the server of children now: it loads the checks while the first pages are served. Does not wait."""
    _context()
    forkserver.ensure_running()


def check_apart(filename: str, declared_type: str, data: bytes) -> CheckedUpload:
    """What `check_upload` says, and UploadRefused too for a file that takes too long to look at."""
    too_hard = _(
        "We could not look at this file in time. Save it again as a PDF, or send a photo of the page."
    )
    return _answered(_check, too_hard, filename, declared_type, data)


def check_photo_apart(filename: str, declared_type: str, data: bytes) -> CheckedUpload:
    """The same of what `check_photo` says."""
    too_hard = _("We could not look at this photo in time. Take it again at a smaller size, and send that.")
    return _answered(_check_photo, too_hard, filename, declared_type, data)


def _answered(
    work: Callable[..., bytes], too_hard: str, filename: str, declared_type: str, data: bytes
) -> CheckedUpload:
    """What a child's `work` found, or UploadRefused."""
    answer = look_apart(work, filename, declared_type, data, most=MAX_BYTES + MOST_SAID, too_hard=too_hard)
    said, _line, clean_bytes = answer.partition(b"\n")
    try:
        found = json.loads(said)
        if "code" not in found:
            return CheckedUpload(**found, clean_bytes=clean_bytes)
        refused = UploadRefused(found["code"], found["words"])
    except (ValueError, TypeError, KeyError):  # what no work of ours says
        refused = UploadRefused("too_hard", too_hard)
    raise refused


def look_apart(work: Callable[..., bytes], *arguments: object, most: int, too_hard: str) -> bytes:
    """What `work` answers in a process of its own, `most` bytes of it; a plain value, read by the caller.

    Raises UploadRefused: `too_hard`, where it took too long or too much; to come back later, while other files
    are looked at.
    """
    if not _places.acquire(timeout=TURN):
        raise busy()
    try:
        found = _ask_a_child(work, arguments, most)
    finally:
        _places.release()
    if found is None:
        log.warning("upload_took_too_much")
        raise UploadRefused("too_hard", too_hard)
    return found


def busy() -> UploadRefused:
    """What is said to whoever would have to wait."""
    return UploadRefused("busy", _("We are looking at other files just now. Send yours again in a minute."))


def _ask_a_child(work: Callable[..., bytes], arguments: tuple[object, ...], most: int) -> bytes | None:
    ours, theirs = _context().Pipe()
    child = _context().Process(target=_answer, args=(theirs, PROCESSOR, MEMORY), daemon=True)
    child.start()
    theirs.close()
    try:
        ours.send((work, arguments))
        if ours.poll(PATIENCE):
            return ours.recv_bytes(most)
    except (EOFError, OSError):
        pass  # it was ended for taking too much
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()
    return None


def _answer(theirs: Connection, processor: int, memory: int) -> None:
    """In the child: do one piece of work and say what it is."""
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(5)
    work, arguments = theirs.recv()
    theirs.send_bytes(work(*arguments))


def _check(filename: str, declared_type: str, data: bytes) -> bytes:
    """In the child: a line of JSON, what the file is or why it is refused, and the file as it is kept."""
    return _said(check_upload, filename, declared_type, data)


def _check_photo(filename: str, declared_type: str, data: bytes) -> bytes:
    """The same of a photo."""
    return _said(check_photo, filename, declared_type, data)


def _said(
    check: Callable[[str, str, bytes], CheckedUpload], filename: str, declared_type: str, data: bytes
) -> bytes:
    try:
        found = check(filename, declared_type, data)
    except UploadRefused as refused:
        return json.dumps({"code": refused.code, "words": refused.words}).encode()
    said = {one.name: getattr(found, one.name) for one in fields(found) if one.name != "clean_bytes"}
    return json.dumps(said).encode() + b"\n" + found.clean_bytes


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context
