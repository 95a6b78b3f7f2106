"""sending at scale: priorities, the workspace's pace, and the work queue on PostgreSQL.

Revision: 0002, after 0001

The work queue is Procrastinate's, with the schema that its installed version brings. A later
version's changes to it belong in a migration of their own.
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('priority', sa.Integer(), nullable=False, server_default='2'))
        batch_op.add_column(sa.Column('losses', sa.Integer(), nullable=False, server_default='0'))
        batch_op.drop_index(batch_op.f('ix_delivery_state_workspace_id_due_at_id'))
        batch_op.create_index(
            batch_op.f('ix_delivery_workspace_id_state_priority_due_at'),
            ['workspace_id', 'state', 'priority', 'due_at'],
            unique=False,
        )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.alter_column('priority', server_default=None)
        batch_op.alter_column('losses', server_default=None)
    with op.batch_alter_table('workspace', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rested_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('pace', sa.Float(), nullable=False, server_default='1'))
    with op.batch_alter_table('workspace', schema=None) as batch_op:
        batch_op.alter_column('pace', server_default=None)
    _working_days_as_text()
    if op.get_bind().dialect.name == 'postgresql':
        _install_work_queue()


def _working_days_as_text() -> None:
    """A JSON list becomes a text of digits, which both databases can compare."""
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('days', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='')
        )
    digits = 'CAST(working_days AS TEXT)'
    for other in ('[', ']', ',', ' '):
        digits = f"replace({digits}, '{other}', '')"
    op.execute(f'UPDATE person SET days = {digits}')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('working_days')
        batch_op.alter_column('days', new_column_name='working_days', server_default=None)


def _install_work_queue() -> None:
    from procrastinate.schema import SchemaManager

    # Straight to the driver: the schema's percent signs are nobody's parameters.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
