"""Emails and texts: decided, worded, allowed and queued here; `workers/dispatch.py` sends them.

reminders.py   when a reminder is due
catalogue.py   every kind of message and its words, one entry each
services.py    puts a message into the outbox; stops messages; sends one again
allowed.py     whether it may still go, asked at the moment of sending
facts.py       what the words and that question need to know, read in one school's scope
"""
