"""Questionnaires: what is asked, how it is scored, what changed for one parent."""
