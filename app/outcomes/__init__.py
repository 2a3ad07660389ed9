"""Pooled results: sums without names, disclosure control, frozen releases."""
