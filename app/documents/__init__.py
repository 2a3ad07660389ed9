"""Documents: made by us, or sent to us and checked."""
