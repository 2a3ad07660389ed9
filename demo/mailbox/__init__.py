"""A stand-in for GOV.UK Notify: same HTTP API (v2), an inbox page instead of phones and letter boxes.

The product talks to it with the official client; production changes one base address and one key.
"""
