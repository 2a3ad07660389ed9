"""The application for any WSGI server: `gunicorn wsgi:app`."""

from app import create_app
from app.documents.apart import get_ready

app = create_app()
get_ready()
