"""Invokes a function that a host knows, by its hash, as docs/protocol.md says. Nothing but the standard library and msgpack.

usage: python_client.py <address> <key id:secret> <function's hash> <input>...      inputs are JSON
"""
import http.client
import json
import struct
import sys
import urllib.parse
import uuid

import msgpack

LOG, RESULT, FAILURE, REFUSAL, CHUNK, ITEM = 1, 2, 3, 4, 5, 6


def request(function, inputs):
    environment = ["XS", 10_000, None, [], 0, None, 1, None, None, 5_000]
    call = uuid.uuid4().bytes_le
    payload = msgpack.packb(inputs)
    return msgpack.packb([2, call, function, None, environment, "from Python", None, 0, None, None, payload])


def read(response, count):
    data = b""
    while len(data) < count:
        more = response.read(count - len(data))
        if not more:
            raise EOFError("the stream ended before the call did")
        data += more
    return data


def events(response):
    chunks = b""
    while True:
        length, kind = struct.unpack("<IB", read(response, 5))
        payload = read(response, length)
        if kind == CHUNK:
            chunks += payload
            continue
        if kind in (RESULT, FAILURE, ITEM):
            payload, chunks = chunks + payload, b""
        yield kind, payload
        if kind in (RESULT, FAILURE, REFUSAL):
            return


def main():
    address, key, function, *inputs = sys.argv[1:]
    host = urllib.parse.urlsplit(address)
    secure = host.scheme == "https"
    connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(host.hostname, host.port)
    body = request(bytes.fromhex(function), [json.loads(value) for value in inputs])
    connection.request("POST", "/v1/invocations", body, {"Authorization": f"Key {key}"})
    response = connection.getresponse()
    if response.status != 200:
        version, reason, message, *_ = msgpack.unpackb(response.read())
        sys.exit(f"refused with {response.status}, reason {reason}: {message}")
    for kind, payload in events(response):
        value = msgpack.unpackb(payload, timestamp=3) if payload else None
        if kind == LOG:
            print("log", value[3], flush=True)
        elif kind in (RESULT, ITEM):
            print("result", json.dumps(value, ensure_ascii=False), flush=True)
        else:
            sys.exit(f"failed: {value[2]}")


if __name__ == "__main__":
    main()
