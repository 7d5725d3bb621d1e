/**
 * The text of `web2py.py`, which is no part of an image: starts web2py's own server, with the settings of the stack. It
 * takes the options of the original.
 */
export function web2pyPy(folder: string): string {
  return `"""Written by Slipway: web2py's own server, in place of the web2py.py of an installation."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import slipway_environment  # noqa: E402, F401  paths and settings come first

# web2py finds its applications from here, and modules of the site from its own folder.
os.chdir("${folder}")
sys.path = ["${folder}", *(path for path in sys.path if path != "${folder}")]

if __name__ == "__main__":
    from gluon.widget import start

    start()
`;
}
