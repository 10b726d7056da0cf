"""Documents that people add to a case (C-D10): what may come in, under which name, and the decision to keep one."""
