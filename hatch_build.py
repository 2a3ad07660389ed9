"""Build hook: puts stylesheet, script, fonts and message catalogues into every install, editable ones too."""

import runpy
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    def initialize(self, version, build_data):
        """Build the assets before hatchling collects files. Any failure stops the build."""
        if self.target_name != "wheel":  # an sdist carries the sources; an editable install is a wheel
            return
        root = Path(self.root)
        # Run by path: importing would leave byte code in assets/, and uv would see a changed source.
        runpy.run_path(str(root / "assets" / "build.py"))["build"](root, keep_fixtures=version == "editable")
        # Both are git-ignored, so they have to be asked for by name.
        build_data["artifacts"] += ["app/static/build", "app/papers/fonts", "app/translations/**/*.mo"]
