"""Each school is a tenant with a schema of its own."""

from __future__ import annotations

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class School(TenantMixin):
    """A school. Its schema is made when it is saved."""

    name = models.CharField(max_length=200)
    stage = models.CharField(max_length=20, default="active")
    auto_create_schema = True


class Domain(DomainMixin):
    """Where a school's pages are."""
