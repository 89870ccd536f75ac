"""`python -m jinzhu` is the `jinzhu` command."""

from jinzhu.cli import main

main()
