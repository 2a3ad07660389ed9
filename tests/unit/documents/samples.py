"""One ordinary example of every document, as the JSON that a worker would read back from a row."""

CONTACT = {"name": "Joanna Reid", "role": "SENCO", "phone": "07700 900201", "email": "j.reid@example.org"}
SUPPORT = [
    {"name": "Samaritans", "contact": "116 123", "note": "Listening, day or night."},
    {"name": "Shout", "contact": "text SHOUT to 85258"},
]
SCHOOL, AUTHORITY, GROUP = "Larkfield School", "Eastmere Council", "Tuesday group"
DATES = ["01-12", "01-19", "01-26", "02-02", "02-09", "02-23", "03-02", "03-09"]
TOPICS = [
    "When school feels impossible",
    "When stress does not stop",
    "Planning and remembering",
    "",
    "",
    "",
    "",
    "",
]

SAMPLES: dict[str, dict] = {
    "project_brief": {
        "school": SCHOOL,
        "authority": AUTHORITY,
        "issued_on": "2026-09-14",
        "contact": {"name": "Priya Nair", "phone": "07700 900142"},
        "reply_by": "2026-10-02",
        "start_term": "spring term 2027",
    },
    "agreement": {
        "school": SCHOOL,
        "school_urn": "990001",
        "authority": AUTHORITY,
        "reference": "WB-2026-014",
        "issued_on": "2026-09-28",
        "lead": CONTACT,
        "room": "Library annexe",
    },
    "learning_notes": {
        "school": SCHOOL,
        "group": GROUP,
        "session_number": 3,
        "held_on": "2027-01-26",
        "topic": "Planning and remembering",
        "main_points": ["One step at a time works better than a list.", "Make the step smaller."],
        "links": [{"title": "Calmer mornings", "url": "https://www.example.org/mornings"}],
        "next_starts_at": "2027-02-02T18:30:00+00:00",
        "next_room": "Library annexe",
        "contact": CONTACT,
        "support_lines": SUPPORT,
    },
    "session_register": {
        "school": SCHOOL,
        "group": GROUP,
        "session_number": 3,
        "starts_at": "2027-01-26T18:30:00+00:00",
        "ends_at": "2027-01-26T20:00:00+00:00",
        "room": "Library annexe",
        "facilitators": ["Ayşe Doğan", "Marcus Bell"],
        "names": ["Aaliyah", "Dilek Işık", "Hüseyin Şahin", "İpek"],
    },
    "contact_sheet": {
        "school": SCHOOL,
        "group": GROUP,
        "printed_at": "2027-01-11T09:05:00+00:00",
        "printed_by": "Joanna Reid",
        "keeper": CONTACT,
        "destroy_by": "2027-03-23",
        "people": [
            {"name": "Dilek Işık", "phone": "07700 900403", "notes": "phone only", "speaks": "Turkish"},
            {"name": "Grace Mensah", "notes": "on paper"},
        ],
    },
    "certificate": {
        "name": "Dilek Işık",
        "school": SCHOOL,
        "authority": AUTHORITY,
        "finished_on": "2027-03-16",
        "signatories": [{"party": "For the group", "name": "Ayşe Doğan", "role": "Facilitator"}],
    },
    "group_plan": {
        "first_name": "Grace",
        "school": SCHOOL,
        "group": GROUP,
        "room": "Library annexe",
        "sessions": [
            {
                "number": number,
                "starts_at": f"2027-{day}T18:30:00+00:00",
                "ends_at": f"2027-{day}T20:00:00+00:00",
                "topic": topic,
            }
            for number, (day, topic) in enumerate(zip(DATES, TOPICS, strict=True), 1)
        ],
        "breaks": [{"on": "2027-02-16", "reason": "half-term"}],
        "gone": [
            {"on": "2027-02-17", "number": 6, "moved_to": "2027-02-23"},
            {"on": "2027-03-16", "number": 8},
        ],
        "printed_on": "2027-01-04",
        "contact": CONTACT,
        "support_lines": SUPPORT,
    },
    "signup_poster": {"school": SCHOOL, "link": "https://webelong.example.org/hello/8jk2-vq7s-04rt"},
    "signup_cards": {"school": SCHOOL, "link": "https://webelong.example.org/hello/8jk2-vq7s-04rt"},
    "invitation_letter": {
        "first_name": "Grace",
        "full_name": "Grace Mensah",
        "school": SCHOOL,
        "staff_name": "Joanna Reid",
        "staff_role": "SENCO",
        "phone": "07700 900201",
        "written_on": "2026-11-16",
        "room": "the library annexe",
        "starts_at": "2027-01-12T18:30:00+00:00",
        "ends_at": "2027-01-12T20:00:00+00:00",
        "address": ["Grace Mensah", "Flat 4, Harbour House", "12 Dock Street", "Eastmere", "EX1 2MP"],
        "link": "https://webelong.example.org/i/8Jk2vQ7s",
        "expires_on": "2026-12-18",
    },
}
