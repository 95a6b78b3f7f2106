"""Nobody missed and nobody written to twice, whatever happens to processes, network and database.

`python -m benchmarks.faults`: each row is a database, so many replicas, and one kind of fault, at
seeded moments while messages are planned and sent. Afterwards what the platform has is compared
with who should have had a message, and with what the bot's own table says.
"""
