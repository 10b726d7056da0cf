"""The schema of forms: form-js JSON to frozen data, checked against the data dictionary."""

from schuldhulp.engine.definitions.forms.model import Form
from schuldhulp.engine.definitions.forms.read import load_form

__all__ = ["Form", "load_form"]
