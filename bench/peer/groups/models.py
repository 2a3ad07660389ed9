"""A school's groups, as a page for its staff needs them: the same tables as ours, without ours' walls."""

from __future__ import annotations

import uuid

from django.db import models


def _key() -> models.UUIDField:
    return models.UUIDField(primary_key=True, default=uuid.uuid4)


class Parent(models.Model):
    """Somebody in the programme, how to reach them, and what they agreed to."""

    id = _key()
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    email = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=10, default="en")
    stage = models.CharField(max_length=20)
    waiting_since = models.DateTimeField(null=True)
    share_attendance = models.BooleanField(default=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Facilitator(models.Model):
    """Who leads."""

    id = _key()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="parent")


class Group(models.Model):
    """Ten people, eight sessions."""

    id = _key()
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=20)
    room = models.CharField(max_length=100)
    places = models.IntegerField(default=10)
    leaders = models.ManyToManyField(Facilitator)

    class Meta:
        permissions = [("read_group", "May read groups")]


class Session(models.Model):
    """One of the eight."""

    id = _key()
    group = models.ForeignKey(Group, models.CASCADE, related_name="sessions")
    number = models.IntegerField()
    on_date = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    room = models.CharField(max_length=100)
    topic = models.CharField(max_length=40)
    state = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["on_date"])]


class Place(models.Model):
    """A place in a group."""

    id = _key()
    group = models.ForeignKey(Group, models.CASCADE, related_name="places_taken")
    parent = models.ForeignKey(Parent, models.CASCADE)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)


class Mark(models.Model):
    """Who came."""

    session = models.ForeignKey(Session, models.CASCADE)
    parent = models.ForeignKey(Parent, models.CASCADE)
    mark = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "parent"], name="one_mark")]


class ShutDay(models.Model):
    """A day on which nothing takes place."""

    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=100)


class Message(models.Model):
    """What was sent, and what could not be."""

    parent = models.ForeignKey(Parent, models.CASCADE)
    session = models.ForeignKey(Session, models.CASCADE)
    state = models.CharField(max_length=20)


class Document(models.Model):
    """A certificate."""

    parent = models.ForeignKey(Parent, models.CASCADE)
    group = models.ForeignKey(Group, models.CASCADE)


class Event(models.Model):
    """What happened to a group."""

    group = models.ForeignKey(Group, models.CASCADE)
    at = models.DateTimeField()
    parent = models.ForeignKey(Parent, models.CASCADE, null=True)
    what = models.CharField(max_length=40)
