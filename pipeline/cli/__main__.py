"""`python -m pipeline.cli` is `saraban`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
