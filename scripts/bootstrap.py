"""Find a Python that is new enough and hand over to `environment.py`.

Written so that any Python, even Python 2, reads it to the end and can say what is wrong.
"""

import os
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
HERE = os.path.dirname(os.path.abspath(__file__))


def newer_python():
    """Return the path of a Python that is new enough, or None."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in NEWER:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                return path
    return None
    return None


def main():
    environment = os.path.join(HERE, "environment.py")
    python = sys.executable
    if sys.version_info[:2] < OLDEST:
        python = newer_python()
    if python is None:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write("\n  Jinzhu needs Python 3.11 or newer; this is Python " + found + ".\n")
        sys.stderr.write("  Install one (Debian 12: apt install python3 python3-venv), or name it:")
        sys.stderr.write(" make PYTHON=/path/to/python3.11 run\n")
        sys.stderr.write(
            "  \u672c\u7a0b\u5e8f\u9700\u8981 Python 3.11 \u6216\u66f4\u65b0\u7248\u672c\n"
        )
        return 1
    arguments = [python, environment]
    arguments.extend(sys.argv[1:])
    return os.execv(python, arguments)


if __name__ == "__main__":
    sys.exit(main())
