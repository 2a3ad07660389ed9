"""Two records of one person: looked at side by side, put together, and for a day undone."""
