"""`python -m bot`: the commands of the terminal."""

import sys

from bot.running.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
