"""chat platforms: secrets, what was handled, and what a platform says of people and teams.

Revision: 0004, after 0003
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('secret',
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_secret'))
    )
    with op.batch_alter_table('secret', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_secret_until'), ['until'], unique=False)
    op.create_table('handled',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handled'))
    )
    with op.batch_alter_table('handled', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handled_at'), ['at'], unique=False)
    _add_texts('account', 'zone', 'language')
    _add_texts('team', 'channel')


def _add_texts(table: str, *names: str) -> None:
    """Columns that are empty for the rows which are there."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.add_column(
                sa.Column(
                    name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''
                )
            )
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
