"""What can go wrong, in words that the person at the terminal can act on."""


class StartError(Exception):
    """A program did not start; the message says which, why and what to do."""


class AlreadyRunning(StartError):
    """Another process holds this folder."""
