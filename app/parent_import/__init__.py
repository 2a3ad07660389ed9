"""Many parents at once, from a spreadsheet: read, checked, compared, added as a whole, taken back for a day."""
