"""The application for any WSGI server: `gunicorn wsgi:app`."""

from app.documents.apart import get_ready
from app.factory import create_app

app = create_app()
get_ready()
