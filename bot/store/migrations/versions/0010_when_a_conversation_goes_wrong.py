"""when a conversation goes wrong: keeping two apart, pauses by pseudonym, and calls for help.

Revision: 0010, after 0009
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notagain',
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('other_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_notagain_other_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notagain_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'other_id', name=op.f('pk_notagain'))
    )
    # Nothing could write into it before now.
    op.drop_table('askingpause')
    op.create_table('askingpause',
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('alias', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_askingpause_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_askingpause')),
    sa.UniqueConstraint('id', name=op.f('uq_askingpause_id'))
    )
    with op.batch_alter_table('supportrequest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('harm_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('caller_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('helper_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(
            sa.Column('may_reveal', sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column('revealing_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_supportrequest_caller_id_person'), 'person', ['caller_id'], ['id']
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_supportrequest_helper_id_person'), 'person', ['helper_id'], ['id']
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_supportrequest_revealing_id_person'), 'person', ['revealing_id'], ['id']
        )
    with op.batch_alter_table('supportrequest', schema=None) as batch_op:
        batch_op.alter_column('may_reveal', server_default=None)


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
