"""Parts of revisions that are too long for one file, as they ran. Nothing here is in force or changes any more.

The current text of each function stands in `migrations/sql/`; a change of it is a new revision.
"""
