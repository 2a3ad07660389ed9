"""`python -m app.cli`, the same as `webelong`."""

from app.cli import main

main()
