"""What Alembic runs around the migrations: always on the connection, and in the transaction, that it is given."""

from alembic import context

from schuldhulp.engine.history.schema import metadata


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=False,  # the transaction is ours: see Database.schema_change
    )
    context.run_migrations()


if getattr(context, "_proxy", None) is not None:  # imported by itself there is nothing to run
    run()
