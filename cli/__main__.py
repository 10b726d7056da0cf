"""python -m schuldhulp.cli"""

from schuldhulp.cli import main

main()
