"""several platforms: where people are posted to, whose account it may be, and what they chose.

Revision: 0006, after 0005
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conversation',
    sa.Column('workspace_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('conversation_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('service_url', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name=op.f('fk_conversation_workspace_id_workspace')),
    sa.PrimaryKeyConstraint('workspace_id', 'external_id', name=op.f('pk_conversation'))
    )
    op.create_table('claim',
    sa.Column('workspace_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('is_denied', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_claim_person_id_person')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.id'], name=op.f('fk_claim_workspace_id_workspace')),
    sa.PrimaryKeyConstraint('workspace_id', 'external_id', name=op.f('pk_claim'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('platform', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='')
        )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.alter_column('platform', server_default=None)
    with op.batch_alter_table('secret', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_secret_until'))
        batch_op.drop_column('until')


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
