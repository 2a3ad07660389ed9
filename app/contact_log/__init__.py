"""The contact log: who was in touch with a parent or a school, how, what came of it, and what comes next."""
