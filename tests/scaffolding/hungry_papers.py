"""Files that cost their reader far more than they weigh: memory, processor time, pixels."""

from __future__ import annotations

import struct
import zlib


def drawn(content: bytes) -> bytes:
    """A PDF of one page with this packed content stream."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    pdf, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(pdf)
    pdf += b"xref\n0 7\n0000000000 65535 f \n%btrailer << /Size 7 /Root 1 0 R >>\n" % table
    return bytes(pdf + b"startxref\n%d\n%%%%EOF\n" % start)


def endless() -> bytes:
    """A PDF of 40 kB that takes minutes: a page that draws nothing, in ten million steps."""
    return drawn(zlib.compress(b"q Q\n" * 10_000_000, 9))


def swelling() -> bytes:
    """A PDF of 400 kB whose only stream is 400 MB unpacked."""
    packing, block = zlib.compressobj(9), bytes(1 << 20)
    return drawn(b"".join([*(packing.compress(block) for _ in range(400)), packing.flush()]))


def wide_picture(side: int = 30_000) -> bytes:
    """A PNG of 150 kB that says that it has *side* x *side* pixels, and has them."""
    packing, row = zlib.compressobj(9), b"\0" + b"\xff" * ((side + 7) // 8)
    pixels = b"".join([*(packing.compress(row) for _ in range(side)), packing.flush()])
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
