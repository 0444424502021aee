"""Row 14: the course's TFTP, faults included. Its client appends to its output and never acknowledges the
last block; its server never retransmits, and asks for no acknowledgement of the last block."""

import os
import socket
import struct

from wire import Deviation, Vanished, expect, family_of, printable, say

READ, DATA, ACK, ERROR = 1, 3, 4, 5
BLOCK_BYTES = 512
NOT_FOUND = 5  # the course's number; RFC 1350 has 1


def client(sock, job):
    sock.sendto(struct.pack("!H", READ) + job.name + b"\0octet\0", job.peer)
    wanted, size = 1, BLOCK_BYTES
    with open(job.into, "ab") as out:
        while size == BLOCK_BYTES:
            packet, sender = sock.recvfrom(4 + BLOCK_BYTES + 1)
            code, number = struct.unpack_from("!HH", packet)
            if code == ERROR:
                raise Deviation(f"error {number}: {printable(packet[4:].rstrip(bytes(1)))}")
            if code != DATA:
                raise Deviation(f"packet {code} where data was due")
            if number != wanted & 0xFFFF:
                continue  # a copy of an earlier block
            size = len(packet) - 4
            out.write(packet[4:])
            if size == BLOCK_BYTES:
                sock.sendto(acknowledgement(number), sender)
            wanted += 1
    say(f"saved {(wanted - 2) * BLOCK_BYTES + size} bytes")


def server(sock, job):
    for _ in range(job.count):
        packet, peer = sock.recvfrom(BLOCK_BYTES)
        name, mode = request(packet)
        say(f"got read request for {printable(name)}")
        expect("mode", mode.lower(), b"octet")
        with socket.socket(family_of(job.host), socket.SOCK_DGRAM) as transfer:
            transfer.bind((job.host, 0))
            try:
                with open(os.path.join(os.fsencode(job.root), name), "rb") as source:
                    serve(transfer, peer, source, job.trouble)
            except (FileNotFoundError, ValueError):
                transfer.sendto(struct.pack("!HH", ERROR, NOT_FOUND) + b"File not found\0", peer)


def request(packet):
    parts = packet[2:].split(b"\0")
    if packet[:2] != struct.pack("!H", READ) or len(parts) < 3:
        raise Deviation(f"no read request: '{printable(packet[:40])}'")
    return parts[0], parts[1]


def serve(transfer, peer, source, trouble):
    number, sent = 1, 0
    while True:
        block = source.read(BLOCK_BYTES)
        sent += len(block)
        if trouble.vanish_after is not None and sent >= trouble.vanish_after:
            raise Vanished(f"before block {number}")
        transfer.sendto(struct.pack("!HH", DATA, number & 0xFFFF) + block, peer)
        if len(block) < BLOCK_BYTES:
            return
        packet, sender = transfer.recvfrom(BLOCK_BYTES)
        while number > 1 and packet == acknowledgement(number - 1):  # again: a client may be impatient
            packet, sender = transfer.recvfrom(BLOCK_BYTES)
        expect(f"acknowledgement {number}", packet, acknowledgement(number))
        expect("its sender", repr(sender).encode(), repr(peer).encode())
        number += 1


def acknowledgement(number):
    return struct.pack("!HH", ACK, number & 0xFFFF)
