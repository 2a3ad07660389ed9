"""The built files, and that their sources keep the promises of the design."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import time
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from app.shell.assets import BUILD_FOLDER, Assets, AssetsMissing
from tests.support.reading import find_in

ROOT = Path(__file__).parents[3]


def test_a_built_file_has_an_address_that_changes_with_its_content(shell_app):
    with shell_app.test_request_context():
        address = shell_app.jinja_env.globals["asset"]("app.css")
    assert re.fullmatch(r"/static/build/app\.[0-9a-f]{10}\.css", address)


def test_every_name_in_the_manifest_is_a_file():
    for published in Assets().names.values():
        assert (BUILD_FOLDER / published).stat().st_size


def test_a_missing_build_or_file_says_what_to_do(tmp_path, shell_app):
    with pytest.raises(AssetsMissing, match=r"assets/build\.py"):
        _ = Assets(tmp_path).names
    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": "app.1.css"}))
    with shell_app.test_request_context(), pytest.raises(AssetsMissing, match=r"app\.css"):
        Assets(tmp_path).url("app.js")


def test_a_new_build_is_noticed_in_debug_mode_only(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"app.css": "app.1.css"}))
    steady, watching = Assets(tmp_path), Assets(tmp_path, reload=True)
    assert steady.names == watching.names
    manifest.write_text(json.dumps({"app.css": "app.2.css"}))
    os.utime(manifest, (1, 1))
    assert steady.names["app.css"] == "app.1.css"
    assert watching.names["app.css"] == "app.2.css"


@pytest.fixture
def put(tmp_path):
    """Put a build of these files in place, as `assets/build.py` does; what is there afterwards."""
    swap_in = runpy.run_path(str(ROOT / "assets/build.py"))["swap_in"]
    target = tmp_path / "target"

    def swap(names, **options):
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        for published in names.values():
            (out / published).parent.mkdir(parents=True, exist_ok=True)
            (out / published).write_text(published)
        (out / "manifest.json").write_text(json.dumps(names))
        swap_in(out, target, **options)
        return {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}

    vars(swap).update(target=target)
    return swap


def test_a_server_that_runs_keeps_its_styles_when_the_assets_are_built_again(put):
    # given a server that started with one build
    put({"app.css": "app.1.css", "font": "fonts/a.1.woff2"})
    server = Assets(put.target)
    old = server.names["app.css"]
    # when the assets are built twice more
    for number in (2, 3):
        there = put({"app.css": f"app.{number}.css", "font": "fonts/a.1.woff2"})
    # then its files are there still, and a new server names the new ones
    assert {old, "app.2.css", "app.3.css", "fonts/a.1.woff2", "manifest.json"} == there
    assert Assets(put.target).names["app.css"] == "app.3.css"


def test_files_of_long_ago_are_cleared_away(put):
    put({"app.css": "app.1.css"})
    put({"app.css": "app.2.css"})
    a_month_ago = time.time() - 30 * 24 * 3600
    for name in ("app.1.css", "app.2.css"):
        os.utime(put.target / name, (a_month_ago, a_month_ago))
    # The build before stays, however old it is: until now it was in use.
    assert put({"app.css": "app.3.css"}) == {"app.2.css", "app.3.css", "manifest.json"}


def test_a_wheel_holds_its_own_build_alone(put):
    put({"app.css": "app.1.css"})
    assert put({"app.css": "app.2.css"}, keep_older=False) == {"app.2.css", "manifest.json"}


@pytest.mark.parametrize("name", ["app.css", "app-rtl.css"])
def test_the_stylesheet_asks_nobody_else_for_anything(name):
    css = (BUILD_FOLDER / Assets().names[name]).read_text(encoding="utf-8")
    assert "GDS Transport" not in css
    assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", css)
    for address in re.findall(r"url\([\"']?([^)\"']+)", css):
        assert address.startswith("data:") or (BUILD_FOLDER / address).is_file(), address


def test_the_script_imports_the_published_library():
    names = Assets().names
    script = (BUILD_FOLDER / names["app.js"]).read_text(encoding="utf-8")
    assert f"./{names['govuk-frontend.min.js']}" in script


@pytest.mark.parametrize("folder", ["assets", "assets/fonts"])
def test_the_lock_file_pins_content_and_names_no_registry(folder):
    lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_the_script_of_the_build_and_the_wheel_use_the_same_tools():
    declared = find_in(
        r"^# dependencies = (\[.*\])(?:  # noqa.*)?$", (ROOT / "assets/build.py").read_text(), re.MULTILINE
    )[1]
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert set(json.loads(declared)) == {tool for tool in needed if not tool.startswith("hatchling")}


def channel(value: str) -> float:
    share = int(value, 16) / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours like #17504a."""
    light = [
        0.2126 * channel(colour[1:3]) + 0.7152 * channel(colour[3:5]) + 0.0722 * channel(colour[5:7])
        for colour in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


def tokens() -> dict[str, str]:
    source = (ROOT / "assets/scss/_tokens.scss").read_text(encoding="utf-8")
    return {
        **dict(re.findall(r"--wb-([a-z0-9-]+): (#[0-9a-f]{6});", source)),
        "brand": "#17504a",
        "white": "#ffffff",
    }


GROUNDS = ["white", "mist", "apricot", "sky-tint", "heather-tint", "clay-tint", "brand-tint"]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["ink", "ink-soft", "link"])
def test_text_can_be_read_on_every_ground(text, ground):
    assert contrast(tokens()[text], tokens()[ground]) >= 4.5


def test_text_on_colour_can_be_read():
    colours = tokens()
    assert contrast("#ffffff", colours["brand"]) >= 5
    assert contrast("#ffffff", colours["brand-deep"]) >= 5
    assert contrast(colours["ink"], colours["marigold"]) >= 4.5
    assert contrast(colours["ink"], colours["focus"]) >= 4.5
    assert contrast(colours["heather"], colours["heather-tint"]) >= 4.5
    for chart in ("chart-1", "chart-2", "chart-3", "chart-4"):
        assert contrast(colours[chart], "#ffffff") >= 3


def test_every_status_can_be_read():
    source = (ROOT / "assets/scss/_controls.scss").read_text(encoding="utf-8")
    tags = re.findall(r"\.wb-tag--(\w+) \{ background: (#\w+); color: (#\w+); \}", source)
    assert {name for name, *_ in tags} == {"good", "waiting", "attention", "info", "quiet", "people"}
    for name, ground, text in tags:
        assert contrast(ground, text) >= 4.5, name


def test_charts_are_told_apart_by_lightness_or_hue():
    colours = [tokens()[f"chart-{number}"] for number in (1, 2, 3, 4)]
    assert len(set(colours)) == 4
    assert all(contrast(one, other) > 1.1 for one, other in pairwise(colours))


@pytest.mark.parametrize("weight", [400, 700])
def test_documents_get_plain_truetype_fonts(weight):
    font = ROOT / "app/papers/fonts" / f"atkinson-hyperlegible-next-{weight}.ttf"
    assert font.read_bytes()[:4] == b"\x00\x01\x00\x00"
