"""What the answer to each field of a form changes: the places that read it."""

from __future__ import annotations

from tests.architecture.field_changes_of_schools import MESSAGES, OUTCOMES, SCHOOLS, Fields

#: What was on the page when it was made, so that nobody overwrites the other (`app/shell/shared_form.py`).
EVERYWHERE = {"seen"}
ACCOUNTS: Fields = {
    "SignInForm": {"email password": ("whose account opens", "app/accounts/staff_routes.py")},
    "EmailForm": {"email": ("where the link for a new password goes", "app/accounts/reset_routes.py")},
    "NewLinkForm": {"address": ("where the link goes", "app/accounts/link_routes.py")},
    "NewAddressForm": {
        "address": ("where links and messages go from now on", "app/accounts/key_routes.py", "form.value")
    },
    "LostForm": {
        "old": ("whose words they are", "app/accounts/key_routes.py", "form.old_address"),
        "words": ("whether the way in moves", "app/accounts/key_routes.py"),
        "new": ("where links and messages go from now on", "app/accounts/key_routes.py", "form.new_address"),
    },
    "PinForm": {"pin": ("which of two people this is", "app/accounts/key_routes.py")},
    "NewPinForm": {"pin": ("which of two people this is", "app/accounts/key_routes.py")},
    "LinkCodeForm": {"code": ("opens what the code was sent for", "app/accounts/confirm_routes.py")},
    "MobileForm": {"phone": ("where urgent concerns are texted", "app/accounts/mobile_routes.py")},
    "AppCodeForm": {"code": ("opens the account", "app/accounts/staff_routes.py")},
    "RecoveryCodeForm": {"code": ("opens the account, once", "app/accounts/staff_routes.py")},
    "InvitationForm": {"password": ("how they sign in", "app/accounts/staff_routes.py")},
    "ConfirmPasswordForm": {"current": ("lets the change through", "app/accounts/own_routes.py")},
    "ChangePasswordForm": {"current password": ("how they sign in", "app/accounts/own_routes.py")},
    "PasskeyForm": {
        "name": ("which one it is on their list", "app/accounts/templates/accounts/_my_passkeys.html")
    },
}
COHORTS: Fields = {
    "GroupForm": {
        "key": ("pressing twice makes one group", "app/cohorts/staff_routes.py"),
        "name places room format": ("the group as parents and staff see it", "app/cohorts/services.py"),
        "start_on starts_at": ("its eight dates", "app/cohorts/planning.py"),
    },
    "FirstDayForm": {
        "start_on": ("from which day on dates are shown", "app/cohorts/day_routes.py"),
        "format": ("whom a day suits", "app/cohorts/day_routes.py"),
    },
    "PlaceForm": {
        "format room": ("where the session meets", "app/cohorts/where_routes.py"),
        "reason": ("read in the group's history", "app/cohorts/where_routes.py"),
    },
    "RoomPhotoForm": {
        "file words": ("what people see of the room", "app/cohorts/photo_routes.py"),
        "nobody": ("whether a photo is taken", "app/cohorts/photo_routes.py"),
    },
    "JoinLinkForm": {"link": ("how members come to it", "app/cohorts/where_routes.py")},
    "ChangeGroupForm": {
        "name places room format": ("the group, and what reminders name", "app/cohorts/changing.py"),
        "places_reason": ("read in the group's history", "app/cohorts/reasons.py", "reason"),
        "offers_on": ("whether a free place is offered on", "app/cohorts/offering_on.py"),
    },
    "OfferForm": {
        "parents how": ("who has a place, or is offered one", "app/cohorts/place_routes.py"),
        "answer_by": ("until when a place is kept", "app/cohorts/offers.py"),
    },
    "OfferAnswerForm": {"to_state": ("what becomes of the offer", "app/cohorts/offer_routes.py")},
    "RemoveForm": {
        "to_stage": ("whether they wait or stop", "app/cohorts/staff_routes.py"),
        "reason": ("read in their history", "app/recruitment/templates/recruitment/show.html"),
    },
    "ToldForm": {
        "plan": ("a plan that has changed since is not noted as told", "app/cohorts/telling.py"),
        "how": ("read in their history", "app/recruitment/templates/recruitment/show.html"),
    },
    "EndEarlyForm": {
        "reason": ("what its parents read", "app/meetings/view.py", "end_reason"),
        "what goes_on_at": ("where its parents go on", "app/cohorts/early_routes.py"),
    },
    "StartForm": {"reason": ("read in the group's history", "app/cohorts/reasons.py")},
    "AssignForm": {"facilitator": ("who leads", "app/cohorts/services.py")},
    "MoveForm": {
        "on_date starts_at later": ("when the group meets", "app/cohorts/session_routes.py"),
        "reason": ("read in the group's history", "app/cohorts/history.py"),
    },
    "CancelForm": {"reason": ("read in the group's history", "app/cohorts/history.py")},
}
MEETINGS: Fields = {
    "DatesLinkForm": {
        "place": ("what a calendar reads beside day and time", "app/cohorts/feed.py", "shows_place"),
    },
    "NotesForm": {
        "main_points try_at_home": ("what parents read", "app/meetings/templates/meetings/my_notes.html"),
        "link_1_title link_1_url link_2_title link_2_url link_3_title link_3_url": (
            "links in the notes",
            "app/meetings/templates/meetings/my_notes.html",
            "links",
        ),
    },
    "CloseForm": {
        "without_notes": ("whether the evening closes without notes", "app/meetings/leader_routes.py"),
        "finished_early": ("whether it closes before its time", "app/meetings/leader_routes.py"),
    },
    "LookBackForm": {
        "parts times turns": (
            "what staff read of how it was held",
            "app/meetings/held_routes.py",
            "held_by_session",
        )
    },
    "VoteForm": {"topics": ("which topics are chosen", "app/meetings/parent_routes.py")},
}
SIGNING_UP: Fields = {
    "HelloForm": {
        "first_name last_name phone email language": (
            "whom staff read of",
            "app/signing_up/public_routes.py",
        ),
        "agrees": ("whether it is sent at all", "app/signing_up/templates/signing_up/hello.html"),
    },
    "PassOnForm": {
        "first_name last_name phone email": ("whom staff read of", "app/signing_up/public_routes.py"),
        "agreed": ("whether it is sent at all", "app/signing_up/templates/signing_up/pass_on.html"),
    },
    "MoveForm": {
        "agrees": ("whether it is sent at all", "app/signing_up/templates/signing_up/ask_new_school.html")
    },
    "LinkForm": {"kind organisation": ("what staff read of how somebody came", "app/signing_up/words.py")},
    "AcceptForm": {
        "knows": ("whether they come into the list", "app/signing_up/templates/signing_up/look_at.html"),
        "is_shared": ("whether two have one number", "app/signing_up/services.py"),
        "who": (
            "whether somebody is added, or is there already",
            "app/signing_up/templates/signing_up/look_at.html",
        ),
        "take": ("what of a parent in the list changes", "app/signing_up/routes.py"),
    },
}
THEMES: Fields = {
    "ThemeForm": {
        "words": ("what the group agrees to", "app/themes/templates/themes/mine.html"),
        "names_nobody": ("whether a name in it stops it", "app/themes/routes.py"),
    },
    "VoiceForm": {
        "ours": ("whether the school reads it", "app/themes/routes.py", "is_ours"),
        "to_council": ("whether the council reads its words", "app/themes/services.py"),
    },
    "EnoughForm": {"enough": ("what the school reads of its reply", "app/themes/services.py")},
    "ReplyForm": {"reply": ("what the group reads", "app/themes/templates/themes/mine.html")},
}
PRESENTERS: Fields = {
    "BookForm": {
        "session": ("which evening it is for", "app/presenters/routes.py"),
        "name": ("whom those who lead expect", "app/presenters/routes.py"),
        "organisation": ("where parents read that somebody comes from", "app/presenters/routes.py"),
        "email": ("where they are asked", "app/presenters/routes.py"),
        "phone": ("how they are reached on the day", "app/presenters/routes.py"),
        "topic": ("what parents read that it is about", "app/presenters/routes.py"),
        "begins": ("from when they talk", "app/presenters/routes.py", "minutes"),
        "ends": ("until when they talk", "app/presenters/routes.py", "minutes"),
        "needs": ("what is got ready for them", "app/presenters/routes.py"),
        "door": ("who they ask for", "app/presenters/routes.py"),
    }
}
MEETINGS |= {
    "WelcomerForm": {"welcomer": ("who is named to newcomers", "app/meetings/first_visit_routes.py")},
    "FirstWishesForm": {"wishes": ("what those who lead have ready", "app/meetings/first_visit_routes.py")},
}
ONE_TO_ONE: Fields = {
    "AskForm": {
        "caller need times": ("who reads it, and what they read", "app/one_to_one/routes.py"),
    },
    "OutcomeForm": {
        "outcome try_on colleague": (
            "what becomes of the call, when and by whom",
            "app/one_to_one/routes.py",
        ),
    },
}
ANNOUNCEMENTS: Fields = {
    "AnnouncementForm": {
        "heading words": ("what schools read", "app/announcements/messages.py"),
        "stage": ("which schools read it", "app/announcements/routes.py"),
        "to": ("who gets the email", "app/announcements/routes.py"),
        "show_until": ("until when it is shown", "app/announcements/queries.py"),
    },
}
GROUP_MESSAGES: Fields = {
    "GroupMessageForm": {
        "words": ("what everybody in the group reads", "app/group_messages/routes.py"),
        "names_nobody": ("whether a name in it stops it", "app/group_messages/routes.py"),
    },
}
FACILITATORS: Fields = {
    "ApplyForm": {
        "group why listening hard_memories child_safe family_links when needs": (
            "what those who choose read, by its question",
            "app/facilitators/templates/facilitators/show.html",
            "application.answers",
        ),
        "first_name first_contact first_relationship second_name second_contact second_relationship": (
            "whom staff ask for a reference",
            "app/facilitators/records.py",
            "referees",
        ),
    },
    "WithdrawForm": {"reason": ("read in the history", "app/facilitators/steps.py")},
    "MoveForm": {"reason": ("read in the history", "app/facilitators/steps.py")},
    "ReferenceForm": {
        "name": ("whom staff ask", "app/facilitators/templates/facilitators/show.html"),
        "contact": ("how staff ask", "app/facilitators/templates/facilitators/show.html", "referee_contact"),
        "relationship": ("what those who choose read", "app/facilitators/templates/facilitators/show.html"),
    },
    "ReceivedForm": {
        "satisfactory": ("whether they may go on", "app/facilitators/queries.py"),
        "note": ("what those who choose read", "app/facilitators/templates/facilitators/show.html"),
        "why": ("kept in the history when an answer changes", "app/facilitators/records.py"),
    },
    "CheckForm": {
        "contact venue supervised frequency": (
            "which check the law asks for",
            "app/facilitators/record_routes.py",
        )
    },
    "DecisionForm": {
        "contact venue supervised frequency": (
            "which check the law asks for",
            "app/facilitators/record_routes.py",
        ),
        "level": ("which check is asked for", "app/facilitators/records.py"),
        "risk_assessment": (
            "what those who choose read",
            "app/facilitators/templates/facilitators/show.html",
        ),
    },
    "CertificateForm": {
        "number issued_on": ("whether they may be ready", "app/facilitators/records.py"),
        "level": ("whether it is of the check that is asked for now", "app/facilitators/record_routes.py"),
    },
    "TrainingForm": {"title on_date minutes": ("whether they may be ready", "app/facilitators/records.py")},
    "ProfessionalForm": {
        "name": ("what they are called", "app/facilitators/services.py"),
        "email phone": ("where their invitation goes", "app/facilitators/services.py"),
        "reason": ("read in the history", "app/facilitators/steps.py"),
    },
}
RECRUITMENT: Fields = {
    "WishesForm": {
        "days times format": ("which groups suit", "app/recruitment/wishes.py"),
        "needs": ("read where places are given", "app/recruitment/wishes.py"),
    },
    "WhomForm": {
        "whom signs wait asking": ("what colleagues read as they ask", "app/recruitment/whom.py"),
        "names_nobody": ("whether words that are names too are taken", "app/recruitment/whom_routes.py"),
    },
    "ParentForm": {
        "first_name last_name known_as": ("what they are called", "app/recruitment/services.py"),
        "phone email": ("where messages go", "app/recruitment/reached.py"),
        "on_paper": ("whether somebody without phone and email is added", "app/recruitment/routes.py"),
        "is_shared": ("whether a second person at one address is added", "app/recruitment/services.py"),
        "language": ("the language of their messages, and what staff see", "app/recruitment/reached.py"),
        "not_for_office": (
            "whether the office finds them",
            "migrations/versions/0161_school_office.py",
        ),
        "interpreter access_needs": ("what is got ready", "app/cohorts/place_routes.py"),
        "year_group needs": ("who gets a place beside whom", "app/cohorts/place_routes.py"),
        "attendance_band found_by": (
            "what colleagues read",
            "app/recruitment/templates/recruitment/show.html",
        ),
        "next_step": ("what stands in the list as next", "app/recruitment/templates/recruitment/list.html"),
    },
    "AnswerForm": {
        "to_stage no_to slip": ("how far they are, what they said no to", "app/recruitment/noting_routes.py"),
        "how": ("read in their history", "app/recruitment/history.py"),
        "reason": ("read in their history", "app/recruitment/history.py"),
    },
    "InviteForm": {"another": ("whether it is sent to where somebody said no", "app/recruitment/routes.py")},
    "TakeBackForm": {"reason": ("read in their history", "app/recruitment/history.py")},
    "TakeBackNoForm": {
        "reason": ("read in their history", "app/recruitment/history.py"),
        "no_to": ("what they are asked and sent again", "app/recruitment/noting_routes.py"),
    },
    "EraseForm": {"sure": ("whether it is done", "app/recruitment/templates/recruitment/erase_before.html")},
    "FreshStartForm": {
        "address": ("where the new way in opens", "app/recruitment/fresh_routes.py", "form.value"),
        "met_on": ("whether it may be asked for", "app/recruitment/fresh_routes.py"),
        "met": ("whether it may be asked for", "app/recruitment/templates/recruitment/fresh_start.html"),
    },
    "SilenceForm": {"reason": ("what the safeguarding lead keeps", "app/recruitment/fresh_routes.py")},
    "ChoicesForm": {
        "join": ("whether they wait for a place", "app/recruitment/services.py"),
        "email text": ("whether messages go", "app/messages/allowed.py"),
        "pooled_answers": ("whether answers are counted", "app/recruitment/services.py"),
        "share_attendance": ("whether staff see dates", "app/cohorts/queries.py"),
        "ask_to_lead": ("whether we ask", "app/facilitators/messages.py"),
        "known_as": ("what the group calls them", "app/meetings/queries.py"),
        "not_for_office": (
            "whether the office finds them",
            "migrations/versions/0171_off_office_by_self.py",
        ),
    },
    "FilterForm": {"text stage language": ("which parents are listed", "app/recruitment/routes.py")},
}
SAFEGUARDING = {
    "ConcernForm": {
        "form_id": ("pressing twice sends one", "app/safeguarding/routes.py", "once_id"),
        "knows_nobody_reads": (
            "whether it is kept where nobody can read it yet",
            "app/safeguarding/routes.py",
        ),
        "about about_name": ("who reads it, and never its subject", "app/safeguarding/services.py"),
        "risk_today": (
            "who is texted and written to at once, and what the sender reads first",
            "app/safeguarding/services.py",
        ),
        "what": ("what its reader reads", "app/safeguarding/templates/safeguarding/read.html"),
        "done_so_far": ("what its reader reads", "app/safeguarding/templates/safeguarding/read.html"),
        "happened_when happened_where who_else reach_me": (
            "what its reader reads",
            "app/safeguarding/templates/safeguarding/_record.html",
        ),
    },
    "ActionForm": {
        "form_id": ("pressing twice writes one", "app/safeguarding/routes.py", "once_id"),
        "action decision reason": ("the record; whether it may be closed", "app/safeguarding/services.py"),
    },
    "OpenAgainForm": {
        "form_id": ("pressing twice writes one", "app/safeguarding/routes.py", "once_id"),
        "reason": ("the record says why", "app/safeguarding/services.py"),
    },
}
CHANGES: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "accounts": ACCOUNTS,
    "cohorts": COHORTS,
    "meetings": MEETINGS,
    "themes": THEMES,
    "announcements": ANNOUNCEMENTS,
    "messages": MESSAGES,
    "group_messages": GROUP_MESSAGES,
    "one_to_one": ONE_TO_ONE,
    "presenters": PRESENTERS,
    "signing_up": SIGNING_UP,
    "facilitators": FACILITATORS,
    "measures": {
        "QuestionForm": {"answer": ("their own change, and pooled results", "app/measures/routes.py")}
    },
    "outcomes": OUTCOMES,
    "letters": {
        "GivenForm": {
            "chosen": ("which letters are out", "app/letters/routes.py"),
            "outcome": ("what the history says became of them", "app/letters/routes.py"),
        }
    },
    "office": {
        "CallForm": {
            "outcome": (
                "what the history says, and whether somebody is to call",
                "app/contact_log/at_office.py",
            )
        }
    },
    "contact_log": {
        "ContactForm": {
            "how outcome": ("what the history says", "app/contact_log/log.py"),
            "with_name": ("whom the council spoke with, in the history", "app/contact_log/log.py"),
            "on": ("when it was, in the history", "app/contact_log/services.py", '"on"'),
            "at": ("when it was, in the history", "app/contact_log/log.py"),
            "action due_on": ("what a home asks for, from when", "app/contact_log/queries.py"),
            "owner_id": ("whose home asks for it", "app/contact_log/queries.py"),
        },
        "StepForm": {
            "action due_on": ("what a home asks for, from when", "app/contact_log/queries.py"),
            "owner_id": ("whose home asks for it", "app/contact_log/queries.py"),
        },
        "LaterForm": {"due_on": ("from when a home asks for it", "app/contact_log/queries.py")},
    },
    "parent_import": {
        "SheetForm": {"file": ("whom a list would add", "app/parent_import/routes.py")},
        "AddForm": {"without_wrong": ("whether the rest is added", "app/parent_import/routes.py")},
    },
    "recruitment": RECRUITMENT,
    "safeguarding": SAFEGUARDING,
    "schools": SCHOOLS,
    "shell": {
        "ListSearchForm": {"text": ("who is listed", "app/shell/list_search.py")},
        "ChosenForm": {"chosen": ("of whom a file is, or who is invited", "app/shell/chosen_lines.py")},
    },
}
