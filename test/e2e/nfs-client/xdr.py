"""The encoding of RPC and NFS (RFC 4506)."""
import struct


def u32(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def u64(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}Q", *numbers)


def opaque(content: bytes) -> bytes:
    return u32(len(content)) + content + bytes(-len(content) % 4)


class Reader:
    def __init__(self, content: bytes):
        self._content = content
        self._at = 0

    def fixed(self, length: int) -> bytes:
        self._at += length
        return self._content[self._at - length : self._at]

    def u32(self) -> int:
        return int.from_bytes(self.fixed(4), "big")

    def u64(self) -> int:
        return int.from_bytes(self.fixed(8), "big")

    def opaque(self) -> bytes:
        length = self.u32()
        content = self.fixed(length)
        self.fixed(-length % 4)
        return content
