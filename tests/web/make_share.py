"""Fills a folder with what a person may have, and with names that try to do harm: make_share.py FOLDER."""
import os
import struct
import sys
import wave
import zlib


def write(name, content, age=3600):
    with open(name, "wb") as file:
        file.write(content)
    moment = os.stat(name).st_mtime - age
    os.utime(name, (moment, moment))


def picture(name, width, height, colour):
    rows = b"".join(
        b"\0" + bytes(part for x in range(width) for part in colour(x / width, y / height))
        for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    write(name, b"\x89PNG\r\n\x1a\n" + data)


os.chdir(sys.argv[1])
picture("sunset.png", 320, 240, lambda x, y: (250 - int(90 * y), 150 - int(60 * y), 90 + int(120 * y)))
picture("西湖.png", 320, 240, lambda x, y: (60 + int(60 * x), 140 + int(60 * y), 220 - int(70 * y)))
with wave.open("clip.wav", "wb") as sound:
    sound.setparams((1, 1, 8000, 4000, "NONE", ""))
    sound.writeframes(bytes([128] * 4000))
pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" \
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
write("Lecture 2.pdf", pdf)
write("Lecture 10.pdf", pdf + b"%" * 20000)
write("实验报告.docx", bytes(9000))
write("trailer.mp4", bytes(200000))
write("notes.md", "# Notes\n\n你好，世界\n".encode() * 40)
write("README", "古老的编码\n".encode("gb18030"), age=0)
write("课程资料/第 1 课.txt", "第一课\n".encode())
write("<img src=x onerror=alert(1)>.txt", b"harmless\n")
write("evil\u202egpj.exe", b"turned round\n")
write("new\nline.txt", b"newline\n")
write(b"bad\xff.txt", b"not UTF-8\n")
write("backup-2026-11.tar.zst", bytes(50000))
