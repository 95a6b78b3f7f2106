"""Slack, behind the same ports as the playground. Import its modules as they are needed.

Nothing is imported here: how messages look needs no SDK, and the SDK takes a second to load.
"""
