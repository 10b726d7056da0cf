"""Rules-driven process engine and case system for debt counselling."""

from pathlib import Path as _Path

# In a checkout the packages are the folders at its root; a wheel has them here already.
_checkout = _Path(__file__).resolve().parents[2]
if (_checkout / "pyproject.toml").is_file() and (_checkout / "engine" / "__init__.py").is_file():
    __path__.append(str(_checkout))
