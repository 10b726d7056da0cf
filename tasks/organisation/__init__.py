"""The folder of an organisation: made empty or from a worked example."""

from schuldhulp.tasks.organisation.making import EXAMPLES, FolderNotEmpty, make_folder
from schuldhulp.tasks.organisation.users import UsersError, load_users

__all__ = ["EXAMPLES", "FolderNotEmpty", "UsersError", "load_users", "make_folder"]
