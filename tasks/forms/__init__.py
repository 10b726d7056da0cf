"""Forms: asked, shown and checked by the server, for the browser and the command line alike."""

from schuldhulp.tasks.forms.raw import Context, Raw, add_row, of_form, prefill, remove_row
from schuldhulp.tasks.forms.read import Complaint, Read, read_posted, read_values
from schuldhulp.tasks.forms.values import ValuesError, load_values, set_values
from schuldhulp.tasks.forms.view import view
from schuldhulp.tasks.forms.views import FormView

__all__ = [
    "Complaint",
    "Context",
    "FormView",
    "Raw",
    "Read",
    "ValuesError",
    "add_row",
    "load_values",
    "of_form",
    "prefill",
    "read_posted",
    "read_values",
    "remove_row",
    "set_values",
    "view",
]
