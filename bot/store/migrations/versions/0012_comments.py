"""comments on a pulse: a consent of its own, and tables for what is held and what is released.

Revision: 0012, after 0011
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('comments', sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.alter_column('comments', server_default=None)
    op.create_table('heldcomment',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_heldcomment_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_heldcomment')),
    sqlite_with_rowid=False,
    )
    op.create_table('commentbatch',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('released_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_commentbatch_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commentbatch'))
    )
    with op.batch_alter_table('commentbatch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commentbatch_released_on'), ['released_on'], unique=False)
    op.create_table('releasedcomment',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('batch_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['commentbatch.id'], name=op.f('fk_releasedcomment_batch_id_commentbatch'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_releasedcomment')),
    sqlite_with_rowid=False,
    )
    op.create_table('commentreply',
    sa.Column('comment_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('answered_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['releasedcomment.id'], name=op.f('fk_commentreply_comment_id_releasedcomment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_commentreply_person_id_person')),
    sa.PrimaryKeyConstraint('comment_id', 'person_id', name=op.f('pk_commentreply'))
    )


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
