"""reading directories: when each is read next, what was wrong, and whose language a roster says.

Revision: 0005, after 0004

Every language that is there came from a roster file, or from an account that overruled one: the
next import says it again.
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('directorysync',
    sa.Column('workspace_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('read_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name=op.f('fk_directorysync_workspace_id_workspace')),
    sa.PrimaryKeyConstraint('workspace_id', name=op.f('pk_directorysync'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('language_given', sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.alter_column('language_given', server_default=None)


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
