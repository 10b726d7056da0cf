"""Give static checkers a real ``schuldhulp/`` folder: build/links/schuldhulp/<floor> -> <floor>."""

import tomllib
from pathlib import Path

root = Path(__file__).resolve().parents[1]
config = tomllib.loads((root / "pyproject.toml").read_text())
sources = config["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]
links = root / "build" / "links"
(links / "schuldhulp").mkdir(parents=True, exist_ok=True)
for folder, target in sources.items():
    if folder == "src/schuldhulp":
        pairs = [(file, links / target / file.name) for file in (root / folder).iterdir() if file.is_file()]
    else:
        pairs = [(root / folder, links / target)]
    for real, link in pairs:
        link.unlink(missing_ok=True)
        link.symlink_to(real)
