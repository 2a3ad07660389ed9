"""Words of a theme, and pressing on a parent's page of it."""

from __future__ import annotations

WORDS = "We would like one person at school to call us."
REPLY = "From Monday Ms Okafor calls you, and nobody else."


def say(client, theme_id, ours="yes", **more):
    sent = {f"{theme_id.hex}-ours": ours} | {f"{theme_id.hex}-{key}": value for key, value in more.items()}
    return client.post(f"/my/themes/{theme_id}/voice", data=sent, follow_redirects=True)


def state_of(look, world, theme_id):
    return look(world.school.facilitator, "select state from group_theme where id = :id", id=theme_id)[
        0
    ].state
