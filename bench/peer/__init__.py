"""What somebody would pick instead: a Django project with a schema for each school (django-tenants).

It shows the same page of a group, to somebody signed in who needs a permission, and is set up as its manuals say:
persistent connections, cached templates, related rows selected together.
"""
