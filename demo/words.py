"""What the demo's people write: notes, applications, reasons. Nobody's story, no child's name."""

from __future__ import annotations

#: The notes of eight sessions: main points and something to try at home, by the default topics of `app.cohorts`.
NOTES = (
    (
        "Children who cannot get to school are often frightened, not unwilling. You are not the only one here."
        "\nA hard morning says nothing about how good a parent you are.",
        "Pick one thing that may be left out on a hard morning.",
    ),
    (
        "Long stress changes sleep, hunger and patience, for children and for us."
        "\nCalm comes before talking. Ten quiet minutes count.",
        "Find ten minutes that are only yours, twice this week.",
    ),
    (
        "Getting started, switching and remembering are skills of the brain, and they grow."
        "\nOne step at a time, written or drawn, is easier than a list in the head.",
        "Draw tomorrow morning in four boxes, together.",
    ),
    (
        "We named strengths that are there already. Small things held this month together."
        "\nAsking for help is one of them.",
        "Write down one thing that went better than you feared.",
    ),
    (
        "A child may hold everything in at school and let go at home. It is called masking, and it is tiring."
        "\nWhat helps one brain may not help another.",
        "Ask what was loud, bright or busy today.",
    ),
    (
        "A feeling rises, peaks and passes. Few words help while it is high."
        "\nWe can step outside too.",
        "Notice what happens just before. Only notice.",
    ),
    (
        "One conversation, one question, one person to ring."
        "\nBring somebody. Write down what was agreed and when you will speak again.",
        "Choose the one question that matters most.",
    ),
    (
        "We looked at where we began. Some things are easier, some are as hard as before."
        "\nWe keep the group's messages and the kettle.",
        "Choose one thing to keep.",
    ),
)  # fmt: skip
LINKS = [
    {
        "title": "Not Fine in School",
        "url": "https://notfineinschool.co.uk/",
        "note": "Parents helping parents",
    },
    {"title": "YoungMinds for parents", "url": "https://www.youngminds.org.uk/parent/", "note": ""},
]
SUPPORT_LINES = [
    {"name": "Samaritans", "number": "116 123", "note": "Somebody to talk to, day or night."},
    {"name": "NHS", "number": "111", "note": "Choose option 2 for urgent help with mental health."},
    {"name": "YoungMinds parents' line", "number": "0808 802 5544", "note": "About a child's mental health."},
    {"name": "Contact", "number": "0808 808 3555", "note": "For families of disabled children."},
]
APPLICATION = {
    "why": "In my group I was believed for the first time. I would like to give that to somebody else.",
    "listening": "A parent cried. I stayed beside her and said nothing, and later she said that it helped.",
    "hard_memories": "I go for a walk, and I ring my sister.",
    "child_safe": "I would tell the safeguarding lead the same day, and say so to the parent if that is safe.",
    "family_links": "One of my children goes to this school.",
    "when": "Tuesday and Wednesday evenings.",
    "needs": "Help with bus fares would be good.",
    "referees": [
        {"name": "Grace Lindqvist", "contact": "grace.lindqvist@example.org", "relationship": "Choir leader"},
        {"name": "Femi Adair", "contact": "07700 900745", "relationship": "Neighbour"},
    ],
}
REASONS = {
    "applied": "Sent their application.",
    "shortlisted": "A warm talk on the phone. Asks good questions.",
    "references": "Two people named. We are writing to both.",
    "checks": "Both references are good.",
    "training": "Check done and seen. Starts with the next training.",
    "ready": "All three parts of the training done.",
    "leading": "Leads with a colleague.",
    "resting": "Would like a rest after the last group. Welcome back any time.",
    "not_now": "Started a new job with late shifts. We speak again next year.",
    "withdrawn": "Moves to another town.",
}
RISK_ASSESSMENT = (
    "Adults meet on school premises after lessons. No pupils are present. Two facilitators lead every session and"
    " a member of staff is in the building. Agreed: a basic check, two references, the training and supervision."
)
TRAINING = ("Listening and holding a group", "Keeping people safe", "Leading the eight sessions")
NEEDS = (
    "",
    "",
    "Anxious in the mornings",
    "Waiting for an assessment",
    "Autistic",
    "ADHD",
    "Long illness",
    "SEND support",
)
FOUND_BY = (
    "Attendance review",
    "Class teacher",
    "SENCO",
    "The parent asked",
    "Family support worker",
    "Poster",
)
ACCESS_NEEDS = ("", "", "", "", "", "Step-free room", "Large print", "Sits near the door", "Quiet lighting")
LEFT_REASONS = ("Hours at work changed", "Not the right time", "Moved away", "A baby is on the way")
CONCERN = (
    "After the session a parent said: “Last night I locked the kitchen because it was all too much, and nobody had"
    " supper.” She said that both children are fine today. I said that I would pass this on, and she agreed."
)
