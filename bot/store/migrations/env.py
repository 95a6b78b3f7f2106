"""Alembic's entry point: it runs on the connection that `bot.store.migrate` hands over."""

from alembic import context

from bot.store.comment_tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
