"""Invitations on paper for several parents at once: made, printed as one file, and noted as posted or handed over."""
