"""The web application; put together in `app/factory.py`."""
