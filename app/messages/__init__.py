"""Emails and texts, whatever they say: queued, allowed and rendered here; `workers/dispatch.py` sends them.

What they say, whom they are about and when they are due belongs to the package whose change they tell of: its
`messages.py` (or `messages/`), gathered in `app/message_kinds.py`.

kind.py        what one kind of message is
parts.py       what a package hands in: kinds, and how who reads them and what they speak of is read
catalogue.py   all that is handed in, found by its name
services.py    puts a message into the outbox; stops messages; sends one again
steps.py       which older one a newer one takes the place of
facts.py       gathers what the words and the rules need to know, one statement for a whole batch
allowed.py     whether it may still go, asked at the moment of sending
words.py       the words that one reader gets
adapting.py    what a council says in its own words, by version; what may stand there: own_words.py
own_key.py     a council's own key at GOV.UK Notify; with which key one goes: workers/lines.py
"""
