"""The addresses that the page leads to."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.peer.groups.views import show_group


def _elsewhere(_request: HttpRequest, **_ids: object) -> HttpResponse:
    """A page that is not measured."""
    return HttpResponse()


_GROUP = "school/groups/<uuid:group_id>"
_PAGES = {
    "home": "school",
    "parents": "school/parents",
    "parent": "school/parents/<uuid:parent_id>",
    "groups": "school/groups",
    "facilitators": "school/facilitators",
    "messages": "messages",
    "concerns": "concerns",
    "set_up": "school/set-up",
    "my_account": "my-account",
    "sign_out": "sign-out",
    "change_group": f"{_GROUP}/change",
    "end_early": f"{_GROUP}/end-early",
    "contact_sheet": f"{_GROUP}/contact-sheet",
    "assign": f"{_GROUP}/facilitators",
    "unassign": f"{_GROUP}/facilitators/<uuid:facilitator_id>/remove",
    "remove_parent": f"{_GROUP}/parents/<uuid:parent_id>/remove",
    "move": "school/groups/sessions/<uuid:session_id>/move",
    "cancel": "school/groups/sessions/<uuid:session_id>/cancel",
    "register": "school/groups/sessions/<uuid:session_id>/register",
    "still_here": "still-here",
    "help": "help",
    "privacy": "privacy",
    "online": "staying-safe-online",
    "cookies": "cookies",
    "accessibility": "accessibility",
    "contact": "contact",
}
urlpatterns = [
    path(_GROUP, show_group, name="group"),
    *(path(address, _elsewhere, name=name) for name, address in _PAGES.items()),
]
