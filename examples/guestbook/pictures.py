"""Uploaded pictures: what is accepted, and what becomes of it."""

import io
import os
import re
import secrets
import warnings

from PIL import Image, ImageOps

from .storage import storage

# Bytes of an upload.
MAX_BYTES = 5 * 1024 * 1024
# A small file can hold a picture that fills the memory once it is unpacked.
MAX_PIXELS = 24_000_000
# The longer side of what is kept, in pixels.
MAX_SIDE = 1600
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

# The only names that pictures are ever kept under, or looked for.
NAME = re.compile(r"[0-9a-f]{32}\.webp")


class Refused(Exception):
    """The upload is not taken; the text tells the visitor why."""


def store(stream):
    """
    Keep the picture in `stream` and return its name, width and height.

    It is decoded and encoded again rather than copied: what is kept is an image whatever the upload called itself,
    without the place and camera that a phone writes into it.
    """
    stream.seek(0, os.SEEK_END)
    if stream.tell() > MAX_BYTES:
        raise Refused("This picture is larger than 5 MiB. Please pick a smaller one.")
    stream.seek(0)
    image = _decode(stream)
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    name = secrets.token_hex(16) + ".webp"
    content = io.BytesIO()
    image.save(content, "WEBP", quality=84)
    storage.write(name, content.getvalue())
    return name, image.width, image.height


def _decode(stream):
    try:
        with warnings.catch_warnings():
            # Pillow only warns about pictures that are somewhat too large; we look at the size ourselves.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            # The content decides, not the file's name or the type that the browser claims.
            image = Image.open(stream, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise Refused("This picture has more than 24 megapixels. Please pick a smaller one.")
            # Unpacks the pixels of a JPEG at reduced size, and finds out whether they are all there.
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            image.load()
            image = ImageOps.exif_transpose(image)
            return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except Refused:
        raise
    # Broken and hostile files make the decoders raise nearly anything.
    except Exception as error:
        raise Refused("This is not a picture we can read. JPEG, PNG, GIF and WebP work.") from error
