"""The words, one file per part of the story."""
