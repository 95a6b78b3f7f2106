"""The support desk: asking for a volunteer, and all that follows.

Whoever asks never waits for nothing: each state has an end (`bot.domain.support`), each step of the
clock is in the database, and so is each letter, before it goes out. What people write to each other
is passed on at once or not at all, and kept nowhere.
"""
