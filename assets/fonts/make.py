"""Make `app/papers/fonts/`: the fonts that documents are set in, for every script that our parents write.

The house font comes first and Noto stands behind it. Whole TrueType files come from npm by the lock file beside this,
the one for Chinese, Japanese and Korean from PyPI: one file for all three, where npm has tens of megabytes for each.
`letters.json` tells the service which families there are, in order, and which letters they have between them.

What is there is kept for as long as nothing here has changed: the packages are large, and other assets change daily.
"""

import hashlib
import json
import shutil
import unicodedata
from collections.abc import Callable, Iterable
from importlib.metadata import distribution, version
from importlib.resources import files
from pathlib import Path

HOUSE = "atkinson-hyperlegible-next"
HOUSE_FILES = f"node_modules/@fontsource/{HOUSE}/files/{HOUSE}-{{subset}}-{{weight}}-normal.woff2"
# Turkish needs both: ğ ş İ are drawn only in latin-ext, ı only in latin.
HOUSE_SUBSETS = ("latin", "latin-ext")
WEIGHTS = {400: "400Regular", 700: "700Bold"}

#: Packages of whole TrueType files, in the order in which a letter is looked for.
SCRIPTS = (
    "noto-sans",  # Latin with Vietnamese, Cyrillic, Greek
    "noto-sans-arabic",
    "noto-sans-hebrew",
    "noto-sans-bengali",
    "noto-sans-devanagari",
    "noto-sans-gujarati",
    "noto-sans-gurmukhi",
    "noto-sans-kannada",
    "noto-sans-malayalam",
    "noto-sans-oriya",
    "noto-sans-sinhala",
    "noto-sans-tamil",
    "noto-sans-telugu",
    "noto-sans-armenian",
    "noto-sans-ethiopic",
    "noto-sans-georgian",
    "noto-sans-khmer",
    "noto-sans-lao",
    "noto-sans-myanmar",
    "noto-sans-syriac",
    "noto-sans-thaana",
    "noto-sans-thai",
)
#: Drawn in one weight alone, or one weight is enough.
ONE_WEIGHT = ("noto-sans-nko", "noto-sans-tifinagh")
SIGNS = ("noto-sans-symbols", "noto-sans-symbols-2", "noto-emoji")
CJK_PACKAGE, CJK_FILE = "noto-cjk-sans-jp-regular", "NotoSansCJKjp-Regular.otf"
ALL_NOTO = (*SCRIPTS, *ONE_WEIGHT, *SIGNS)
LETTERS, LICENCES = "letters.json", "licences.txt"

#: A letter of each script and sign that a document must be able to show. The box stands for what nobody has.
MUST_HAVE = "AzğşıİçÖł–’ếĐҐїΩжعپڈאকਕકதతകකกខລမაՀአߊܐބⵣ王龍骨김た→✓□☕"


class FontsError(Exception):
    """The fonts could not be made; the message says what is missing."""


def make(source: Path, target: Path, npm_ci: Callable[[Path], None], scratch: Path) -> None:
    """Make the fonts in `target`, unless they are there already. Raises FontsError, leaving what was there."""
    made_from = fingerprint(source)
    if is_made(target, made_from):
        return
    work, out = scratch / "fonts-work", scratch / "fonts-out"
    work.mkdir()
    out.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, work)
    npm_ci(work)
    paths = [
        *house_fonts(work, out),
        *(copied(work, out, name, weight) for name in SCRIPTS for weight in WEIGHTS),
        copy_cjk(out),
        *(copied(work, out, name, 400) for name in (*ONE_WEIGHT, *SIGNS)),
    ]
    (out / LICENCES).write_text("\n\n".join(licences(work)), encoding="utf-8")
    describe(paths, out, made_from)
    put_in_place(out, target)


def fingerprint(source: Path) -> str:
    """What the fonts are made from, in one line: another line, other fonts."""
    parts = [Path(__file__).read_bytes(), (source / "package-lock.json").read_bytes()]
    return hashlib.sha256(b"\0".join([*parts, version(CJK_PACKAGE).encode()])).hexdigest()


def is_made(target: Path, made_from: str) -> bool:
    try:
        there = json.loads((target / LETTERS).read_text(encoding="utf-8"))
        return there["made_from"] == made_from and all((target / name).is_file() for name in there["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def house_fonts(work: Path, out: Path) -> Iterable[Path]:
    """One plain TrueType file per weight, both subsets joined: Typst reads no web fonts, and one file per weight.

    The font has combining marks but does not say where they stand over a letter, so a Vietnamese ễ would be an ê with
    its tilde beside it. Without them the whole letter comes from Noto Sans, which does.
    """
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    for weight in WEIGHTS:
        parts = []
        for subset in HOUSE_SUBSETS:
            font = TTFont(work / HOUSE_FILES.format(subset=subset, weight=weight))
            font.flavor = None
            part = work / f"{subset}-{weight}.ttf"
            font.save(part)
            parts.append(str(part))
        merged = Merger().merge(parts)
        for table in merged["cmap"].tables:
            for point in [point for point in table.cmap if unicodedata.category(chr(point)) == "Mn"]:
                del table.cmap[point]
        path = out / f"{HOUSE}-{weight}.ttf"
        merged.save(path)
        yield path


def copied(work: Path, out: Path, name: str, weight: int) -> Path:
    folder = work / "node_modules/@expo-google-fonts" / name / WEIGHTS[weight]
    found = sorted(folder.glob("*.ttf"))
    if len(found) != 1:
        raise FontsError(f"{name} has {len(found)} files of weight {weight}")
    return Path(shutil.copy(found[0], out / f"{name}-{weight}.ttf"))


def copy_cjk(out: Path) -> Path:
    found = files(CJK_PACKAGE.replace("-", "_")) / CJK_FILE
    path = out / "noto-sans-cjk-400.otf"
    path.write_bytes(found.read_bytes())
    return path


def licences(work: Path) -> Iterable[str]:
    """The licence of each font, which goes where the font goes."""
    packages = [work / "node_modules/@expo-google-fonts" / name / "LICENSE_FONT" for name in ALL_NOTO]
    for path in (work / "node_modules/@fontsource" / HOUSE / "LICENSE", *packages):
        yield f"{path.parent.name}\n\n{path.read_text(encoding='utf-8')}"
    own = [path for path in distribution(CJK_PACKAGE).files or () if path.name == "LICENSE"]
    yield f"{CJK_PACKAGE}\n\n{own[0].read_text(encoding='utf-8')}"


def describe(paths: Iterable[Path], out: Path, made_from: str) -> None:
    """Write `letters.json`: families in order, and the letters that any of them has, as first and last of each run."""
    from fontTools.ttLib import TTFont

    families: dict[str, None] = {}
    points: set[int] = set()
    names = []
    for path in paths:
        font = TTFont(path, lazy=True)
        families[font["name"].getBestFamilyName()] = None
        points |= set(font.getBestCmap())
        names.append(path.name)
    if missing := [letter for letter in MUST_HAVE if ord(letter) not in points]:
        raise FontsError(f"no font for documents has {' '.join(missing)}")
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    told = {"made_from": made_from, "files": names, "families": list(families), "letters": runs}
    (out / LETTERS).write_text(json.dumps(told) + "\n", encoding="utf-8")


def put_in_place(out: Path, target: Path) -> None:
    """Exchange file by file, what describes them last: a worker that runs meanwhile still finds every font."""
    target.mkdir(parents=True, exist_ok=True)
    fresh = sorted(out.iterdir(), key=lambda path: path.name == LETTERS)
    for path in fresh:
        beside = target / f".{path.name}.new"
        shutil.copyfile(path, beside)
        beside.replace(target / path.name)
    names = {path.name for path in fresh}
    for path in target.iterdir():
        if path.name not in names:
            path.unlink()
