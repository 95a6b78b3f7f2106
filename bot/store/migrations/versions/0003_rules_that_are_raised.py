"""rules that are raised: the gate's numbers are recorded, and each round keeps its own.

Revision: 0003, after 0002
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# What every version went by until now, in the order of the columns.
UNTIL_NOW = '5, 8, 6, 1, 8'


def upgrade() -> None:
    op.create_table('ruleset',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('recorded_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('horizon_weeks', sa.Integer(), nullable=False),
    sa.Column('insiders', sa.Integer(), nullable=False),
    sa.Column('spacing_weeks', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ruleset'))
    )
    _record_what_held_until_now()
    with op.batch_alter_table('occurrence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_occurrence_rules_id_ruleset'), 'ruleset', ['rules_id'], ['id']
        )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('rules_id', sa.Integer(), nullable=False, server_default='1')
        )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.alter_column('rules_id', server_default=None)
        batch_op.create_foreign_key(
            batch_op.f('fk_round_rules_id_ruleset'), 'ruleset', ['rules_id'], ['id']
        )


def _record_what_held_until_now() -> None:
    """Since the launch. Before it nothing has been asked, so that nothing holds yet."""
    op.execute(
        'INSERT INTO ruleset (id, recorded_at, answers, counted, horizon_weeks, insiders, '
        f'spacing_weeks) SELECT 1, launched_at, {UNTIL_NOW} FROM organisation '
        'WHERE launched_at IS NOT NULL'
    )


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
