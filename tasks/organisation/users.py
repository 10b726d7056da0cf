"""users.yaml: accounts as the organisation keeps them in its folder."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.yaml_reader import YamlError, read_yaml
from schuldhulp.tasks.access import ROLES, hash_password


class UsersError(ValueError):
    """The file is wrong; every fault at once."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a line: `what` is made | changed | same; the password of a new account, shown once."""

    login: str
    account: int
    what: str
    roles: tuple[str, ...]
    password: str | None = None


def load_users(
    engine: Engine, data: bytes, functions: Mapping[str, tuple[str, ...]], by: Actor, *, name: str = "users.yaml"
) -> tuple[Loaded, ...]:
    """Make the accounts that are not there yet, and give the others the roles of the file. Nothing happens when a line is
    wrong. Raises UsersError."""
    wanted = _read(data, functions, name)
    found = []
    for login, (full_name, roles) in wanted.items():
        known = engine.account_by_login(login)
        if known is None:
            password = secrets.token_urlsafe(12)
            number = engine.put_account(login, full_name, roles, by, password=hash_password(password))
            found.append(Loaded(login, number, "made", roles, password))
        elif (known.name, tuple(known.roles), known.active) != (full_name, roles, True):
            engine.put_account(login, full_name, roles, by, number=known.number)
            found.append(Loaded(login, known.number, "changed", roles))
        else:
            found.append(Loaded(login, known.number, "same", roles))
    return tuple(found)


def _read(data: bytes, functions: Mapping[str, tuple[str, ...]], name: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    try:
        raw = read_yaml(data)
    except YamlError as error:
        raise UsersError(f"{name}: {error}") from error
    lines = raw.get("gebruikers") if isinstance(raw, dict) else None
    if not isinstance(lines, list):
        raise UsersError(f"{name}: must have gebruikers: a list of {{login, naam, functies, rollen}}")
    problems: list[str] = []
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for number, line in enumerate(lines, 1):
        where = f"user {number}"
        if not isinstance(line, dict) or not isinstance(line.get("login"), str) or not isinstance(line.get("naam"), str):
            problems.append(f"{where}: needs login and naam")
            continue
        where = f"{where} ({line['login']})"
        problems += [f"{where}: {key!r} is not known here" for key in line if key not in ("login", "naam", "functies", "rollen")]
        jobs = [str(job) for job in line.get("functies") or ()]
        roles = [role for job in jobs for role in functions.get(job, ())] + [str(role) for role in line.get("rollen") or ()]
        problems += [f"{where}: there is no function {job!r} in organisation.yaml" for job in jobs if job not in functions]
        problems += [f"{where}: no role {role!r}; there are {', '.join(ROLES)}" for role in roles if role not in ROLES]
        if not roles:
            problems.append(f"{where}: needs functies or rollen")
        if line["login"] in found:
            problems.append(f"{where}: stands twice")
        found[line["login"]] = (line["naam"], tuple(dict.fromkeys(roles)))
    if problems:
        raise UsersError(f"{name}: " + "; ".join(problems))
    return found
