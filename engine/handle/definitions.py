"""Use cases on definitions: deploy them, see what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle.base import Base
from schuldhulp.engine.handle.library import DEPLOYMENTS
from schuldhulp.engine.history import files as stored_files
from schuldhulp.engine.model import facts as f


class Definitions(Base):
    """A deployment is everything at once; running cases stay on theirs."""

    def deploy(self, files: Mapping[str, bytes], by: f.Actor, valid_from: datetime | None = None) -> Deployment:
        """Put *files* in force from now or later. The same files again change nothing. Checking is the caller's: see
        `engine.definitions.check`; here only what cannot be read is refused (NotDeployable)."""
        deployment = Deployment(dict(files))
        deployment = self.library.kept.get(deployment.id) or deployment
        deployment.read_everything()
        self.library.kept.put(deployment)
        with self.store.begin() as log:
            now = self.clock()
            start = valid_from or now
            if self.library.current_id(log, now) == deployment.id and start <= now:
                return deployment
            loaded = log.load(DEPLOYMENTS)
            digests = {path: stored_files.save_definition(log, data) for path, data in deployment.files.items()}
            given = f.CommandGiven(command="deploy", by=by, product=self.product, law="")
            registered = f.DeploymentRegistered(deployment=deployment.id, files=digests, valid_from=start)
            log.append(DEPLOYMENTS, loaded.sequence, [given, registered], now)
        return deployment

    def deployments(self) -> list[f.DeploymentRegistered]:
        """All deployments, oldest first."""
        with self.store.read() as reader:
            found = [stored.fact for stored in reader.facts(DEPLOYMENTS)]
        return [fact for fact in found if isinstance(fact, f.DeploymentRegistered)]

    def deployment(self, key: str | None = None) -> Deployment:
        """A deployment by id, or the one in force."""
        with self.store.read() as reader:
            return self.library.current(reader, self.clock()) if key is None else self.library.pinned(reader, key)
