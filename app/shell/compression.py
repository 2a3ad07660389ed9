"""Smaller answers: built files as they were compressed when built, pages where that gives nothing away.

Compression shows in a page's length whether two things on it are alike. So a page is compressed only when nothing in
its request could have put words on it: a plain GET, without a query (docs/decisions/0010-compression.md).
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from flask_compress import Compress
from werkzeug.security import safe_join

from app.shell.assets import COMPRESSED

#: What browsers understand, the smallest first.
ENCODINGS = ("br", "gzip")


def install(app: Flask) -> None:
    """Answer with fewer bytes who says that they can read them."""
    app.config.update(
        COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=list(ENCODINGS), COMPRESS_MIMETYPES=["text/html"]
    )
    compress = Compress()
    compress.init_app(app)

    @app.after_request
    def _compress(response: Response) -> Response:
        is_plain = request.method == "GET" and not request.query_string
        if is_plain and response.status_code == 200 and not response.is_streamed:
            return compress.after_request(response)
        return response

    folder = app.static_folder or ""

    def built_file(filename: str) -> Response:
        """A file of `app/static`, compressed if the browser can read that and the build made it."""
        for encoding in ENCODINGS:
            beside = f"{filename}{COMPRESSED[encoding]}"
            path = safe_join(folder, beside)
            if path and request.accept_encodings[encoding] and Path(path).is_file():
                response = send_from_directory(folder, beside, mimetype=mimetypes.guess_type(filename)[0])
                response.content_encoding = encoding
                break
        else:
            response = send_from_directory(folder, filename)
        response.vary.add("Accept-Encoding")
        return response

    app.view_functions["static"] = built_file
