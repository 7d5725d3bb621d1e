"""look.py SERVER PORT: opens a file once, and tells whether it may."""
import sys

from files import Files
from session import Refused

try:
    files = Files(sys.argv[1], int(sys.argv[2]), "look")
    try:
        files.open("seen")
        print("welcome")
    finally:
        files.close()
except (Refused, PermissionError) as refused:
    print(f"refused: {refused}")
