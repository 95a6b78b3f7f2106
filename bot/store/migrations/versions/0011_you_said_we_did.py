"""you said, we did: what leaders say will happen, and to which teams.

Revision: 0011, after 0010
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('action',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('commitment', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('changed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action'))
    )
    op.create_table('actionteam',
    sa.Column('team_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('action_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_actionteam_action_id_action')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_actionteam_team_id_team')),
    sa.PrimaryKeyConstraint('team_id', 'action_id', name=op.f('pk_actionteam'))
    )
    with op.batch_alter_table('actionteam', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_actionteam_action_id'), ['action_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
