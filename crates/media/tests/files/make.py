#!/usr/bin/env python3
"""Makes the pictures of this folder, with another program than ours: Pillow 13.

Each is 24 by 16 pixels, a quarter of it red, green, blue and white, from the top left. The tests know what becomes of each.
"""
import io
import struct
import zlib
from PIL import Image, ImageOps, PngImagePlugin

W, H = 24, 16
RED, GREEN, BLUE, WHITE = (220, 30, 40), (30, 200, 60), (40, 50, 210), (250, 250, 250)


def quarters(mode="RGB", alpha=255):
    picture = Image.new("RGB", (W, H))
    for x in range(W):
        for y in range(H):
            picture.putpixel((x, y), [[RED, GREEN], [BLUE, WHITE]][y * 2 // H][x * 2 // W])
    if mode == "RGBA":
        picture.putalpha(alpha)
    return picture.convert(mode)


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "SECRET-CAMERA"
    tags[0x013B] = "SECRET-ARTIST"
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 31.0, 12.3), "E", (13.0, 24.0, 18.0)
    gps[29] = "SECRET-GPS"
    return tags.tobytes()


sharp = {"quality": 95, "subsampling": 0}
whole = quarters()
whole.save("plain.jpg", **sharp)
whole.save("progressive.jpg", progressive=True, **sharp)
quarters("L").save("grey.jpg", quality=95)
quarters("CMYK").save("cmyk.jpg", **sharp)
whole.save("camera.jpg", exif=exif(6), comment=b"SECRET-COMMENT", xmp=b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>", **sharp)

text = PngImagePlugin.PngInfo()
text.add_text("Author", "SECRET-TEXT")
text.add_text("Comment", "SECRET-ZTEXT" * 50, zip=True)
text.add_itxt("XML:com.adobe.xmp", "SECRET-XMP")
whole.save("talkative.png", pnginfo=text, exif=exif(8))
quarters("RGBA", 128).save("clear.png")
whole.quantize(colors=4, dither=Image.Dither.NONE).save("palette.png")
blue = Image.new("RGB", (W, H), BLUE)
whole.save("moving.png", save_all=True, append_images=[blue], duration=50)
whole.save("moving.gif", save_all=True, append_images=[blue], duration=50, comment=b"SECRET-COMMENT")
whole.save("lossless.webp", lossless=True, exif=exif(3), xmp=b"SECRET-XMP")
whole.save("lossy.webp", quality=95)
quarters("RGBA", 128).save("lossy_clear.webp", quality=95, method=6)
whole.save("moving.webp", save_all=True, append_images=[blue], duration=50, lossless=True)

# What Pillow does not write is put together by hand.
with open("ycck.jpg", "wb") as file:
    # The other form of four inks: luminance and two colours of the inverted picture, and black.
    y, cb, cr = ImageOps.invert(whole).convert("YCbCr").split()
    planes = [ImageOps.invert(plane) for plane in (y, cb, cr)] + [Image.new("L", (W, H), 0)]
    body = io.BytesIO()
    Image.merge("CMYK", planes).save(body, "JPEG", **sharp)
    body = bytearray(body.getvalue())
    body[body.index(b"Adobe") + 11] = 2
    file.write(body)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(name, depth, colour, interlace, rows):
    header = struct.pack(">IIBBBBB", W, H, depth, colour, 0, 0, interlace)
    with open(name, "wb") as file:
        packed = zlib.compress(b"".join(b"\0" + row for row in rows))
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


at = lambda x, y: whole.getpixel((x, y))
wide = lambda pixel: b"".join(struct.pack(">H", value * 257) for value in (*pixel, 128))
png("deep.png", 16, 6, 0, [b"".join(wide(at(x, y)) for x in range(W)) for y in range(H)])
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
png("interlaced.png", 8, 2, 1,
    [b"".join(bytes(at(x, y)) for x in range(left, W, right))
     for left, top, right, down in passes for y in range(top, H, down)])

# The only frame covers the right half of the picture: it is 12 wide, and is moved into one that is 24 wide.
body = io.BytesIO()
Image.new("RGB", (12, H), GREEN).save(body, "GIF")
body = bytearray(body.getvalue())
body[6:8] = struct.pack("<H", W)
frame = body.index(b",\0\0\0\0\x0c\0\x10\0")
body[frame + 1:frame + 3] = struct.pack("<H", 12)
with open("placed.gif", "wb") as file:
    file.write(body)
