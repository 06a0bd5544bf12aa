"""Reads a BSM trail in one pass and writes its records as JSON lines: what bench/macos.ts measures against.

Tokens that it does not know end the record, as hex. Source: OpenBSM audit.log(5).
"""
import json
import struct
import sys

FIXED = {
    0x13: ("trailer", ">HI", ("magic", "count")),
    0x27: ("return", ">BI", ("status", "value")),
    0x72: ("return", ">BQ", ("status", "value")),
    0x24: ("subject", ">9I", ("auid", "euid", "egid", "ruid", "rgid", "pid", "sid", "port", "address")),
    0x3E: ("attribute", ">IIIIQI", ("mode", "uid", "gid", "fsid", "nodeid", "dev")),
    0x52: ("exit", ">II", ("status", "value")),
    0x80: ("socket-inet", ">HHI", ("family", "port", "address")),
}
SUBJECT_EX = struct.Struct(">9I")


def text(data, at):
    end = at + 2 + int.from_bytes(data[at : at + 2], "big")
    return data[at + 2 : end].rstrip(b"\0").decode("utf-8", "backslashreplace"), end


def strings(data, at):
    found = []
    count = int.from_bytes(data[at : at + 4], "big")
    at += 4
    for _ in range(count):
        end = data.index(b"\0", at)
        found.append(data[at:end].decode("utf-8", "backslashreplace"))
        at = end + 1
    return found, at


def token(data, at):
    kind = data[at]
    at += 1
    if kind in FIXED:
        name, form, fields = FIXED[kind]
        values = struct.unpack_from(form, data, at)
        return {"token": name, **dict(zip(fields, values))}, at + struct.calcsize(form)
    if kind in (0x23, 0x28):
        value, end = text(data, at)
        return {"token": "path" if kind == 0x23 else "text", "text": value}, end
    if kind in (0x3C, 0x3D):
        values, end = strings(data, at)
        return {"token": "exec arg" if kind == 0x3C else "exec env", "strings": values}, end
    if kind in (0x2D, 0x71):
        form = ">BI" if kind == 0x2D else ">BQ"
        number, value = struct.unpack_from(form, data, at)
        name, end = text(data, at + struct.calcsize(form))
        return {"token": "argument", "num": number, "value": value, "text": name}, end
    if kind == 0x7A:
        values = SUBJECT_EX.unpack_from(data, at)
        end = at + 36 + values[8]
        return {"token": "subject_ex", "ids": values[:8], "address": data[at + 36 : end].hex()}, end
    if kind == 0xED:
        signer = int.from_bytes(data[at : at + 4], "big")
        signing_id, end = text(data, at + 4)
        team_id, end = text(data, end + 1)
        size = int.from_bytes(data[end + 1 : end + 3], "big")
        cdhash = data[end + 3 : end + 3 + size].hex()
        return {"token": "identity", "signer": signer, "id": signing_id, "team": team_id, "cdhash": cdhash}, end + 3 + size
    return {"token": kind, "raw": data[at:].hex()}, len(data)


def main(path):
    with open(path, "rb") as file:
        trail = file.read()
    at = 0
    out = sys.stdout
    while at + 18 <= len(trail) and trail[at] == 0x14:
        size, version, event, modifier, second, msec = struct.unpack_from(">IBHHII", trail, at + 1)
        record = trail[at : at + size]
        tokens = [{"token": "header", "version": version, "event": event, "modifier": modifier, "time": second, "msec": msec}]
        next_at = 18
        while next_at < len(record):
            one, next_at = token(record, next_at)
            tokens.append(one)
        out.write(json.dumps({"offset": at, "tokens": tokens}, ensure_ascii=False))
        out.write("\n")
        at += size


main(sys.argv[1])
