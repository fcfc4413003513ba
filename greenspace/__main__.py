"""``python -m greenspace`` is ``greenspace``."""

from greenspace.cli import main

if __name__ == "__main__":
    main()
