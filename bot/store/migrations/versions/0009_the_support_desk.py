"""the support desk: volunteers, requests, and what is said of them.

Revision: 0009, after 0006
"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0009'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('supportday',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('event', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supportday'))
    )
    with op.batch_alter_table('supportday', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supportday_day'), ['day'], unique=False)
    op.create_table('askingpause',
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_askingpause_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_askingpause'))
    )
    op.create_table('notthese',
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('other_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_notthese_other_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notthese_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'other_id', name=op.f('pk_notthese'))
    )
    op.create_table('supportrequest',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('requester_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('warrior_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('wanted_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('urgency', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('contact', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('topic', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('alias', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('warrior_alias', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('shown', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('done', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('next_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('expires_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('asks_to_hand_over', sa.Boolean(), nullable=False),
    sa.Column('look_in_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('look_in_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['requester_id'], ['person.id'], name=op.f('fk_supportrequest_requester_id_person')),
    sa.ForeignKeyConstraint(['wanted_id'], ['person.id'], name=op.f('fk_supportrequest_wanted_id_person')),
    sa.ForeignKeyConstraint(['warrior_id'], ['person.id'], name=op.f('fk_supportrequest_warrior_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supportrequest'))
    )
    with op.batch_alter_table('supportrequest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supportrequest_closed_on'), ['closed_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_supportrequest_requester_id'), ['requester_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supportrequest_state_next_at'), ['state', 'next_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_supportrequest_warrior_id'), ['warrior_id'], unique=False)
    op.create_table('warrior',
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('came_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('shifts', sa.JSON(), nullable=False),
    sa.Column('cap', sa.Integer(), nullable=False),
    sa.Column('trained_on', sa.Date(), nullable=True),
    sa.Column('is_listed', sa.Boolean(), nullable=False),
    sa.Column('rests_until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_warrior_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_warrior'))
    )
    op.create_table('supportnotice',
    sa.Column('occurrence_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('request_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('about_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('outdated', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['about_id'], ['person.id'], name=op.f('fk_supportnotice_about_id_person')),
    sa.ForeignKeyConstraint(['occurrence_id'], ['occurrence.id'], name=op.f('fk_supportnotice_occurrence_id_occurrence')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_supportnotice_person_id_person')),
    sa.ForeignKeyConstraint(['request_id'], ['supportrequest.id'], name=op.f('fk_supportnotice_request_id_supportrequest')),
    sa.PrimaryKeyConstraint('occurrence_id', name=op.f('pk_supportnotice'))
    )
    with op.batch_alter_table('supportnotice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supportnotice_outdated'), ['outdated'], unique=False)
        batch_op.create_index(batch_op.f('ix_supportnotice_on_day'), ['on_day'], unique=False)
        batch_op.create_index(batch_op.f('ix_supportnotice_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supportnotice_request_id'), ['request_id'], unique=False)
    op.create_table('supportoffer',
    sa.Column('request_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('warrior_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['request_id'], ['supportrequest.id'], name=op.f('fk_supportoffer_request_id_supportrequest')),
    sa.ForeignKeyConstraint(['warrior_id'], ['person.id'], name=op.f('fk_supportoffer_warrior_id_person')),
    sa.PrimaryKeyConstraint('request_id', 'warrior_id', name=op.f('pk_supportoffer'))
    )
    with op.batch_alter_table('supportoffer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supportoffer_warrior_id'), ['warrior_id'], unique=False)
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_coordinator', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('is_case_handler', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('is_safeguarding', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('person', schema=None) as batch_op:
        for name in ('is_coordinator', 'is_case_handler', 'is_safeguarding'):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    raise NotImplementedError('Go back by restoring the backup that was made before the upgrade.')
