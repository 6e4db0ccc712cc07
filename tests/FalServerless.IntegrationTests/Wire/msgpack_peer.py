"""The other side of PythonConformanceTests: decodes, describes and encodes with python3-msgpack.

Frames are a length of four bytes, big endian, and that many bytes. The descriptions' grammar is that of Value.cs.
"""

import random
import struct
import sys

import msgpack


def describe(value):
    if value is None:
        return "n"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, int):
        return "i%d" % value
    if isinstance(value, float):
        return "d" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode("utf-8").hex()
    if isinstance(value, bytes):
        return "b" + value.hex()
    if isinstance(value, list):
        return "[" + "".join(describe(item) + "," for item in value) + "]"
    if isinstance(value, dict):
        return "{" + "".join(describe(key) + ":" + describe(item) + "," for key, item in value.items()) + "}"
    if isinstance(value, msgpack.ExtType):
        return "x%d:%s" % (value.code, value.data.hex())
    if isinstance(value, msgpack.Timestamp):
        return "T%d.%d" % (value.seconds, value.nanoseconds)
    raise TypeError(type(value))


def read_frame():
    header = sys.stdin.buffer.read(4)
    if not header:
        return None
    return sys.stdin.buffer.read(struct.unpack(">I", header)[0])


def write_frame(data):
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)


def echo(singles):
    """For every message: what it says, and the same value packed again."""
    while (message := read_frame()) is not None:
        value = msgpack.unpackb(message, raw=False, strict_map_key=False)
        write_frame(describe(value).encode())
        write_frame(msgpack.packb(value, use_bin_type=True, use_single_float=singles))


def random_value(depth):
    kind = random.randrange(11 if depth > 0 else 8)
    if kind == 0:
        return None
    if kind == 1:
        return random.random() < 0.5
    if kind == 2:
        return random_integer()
    if kind == 3:
        return random.choice([0.0, -0.0, float("inf"), float("-inf"), float("nan"), random.gauss(0, 1e9), random.random(), 5e-324])
    if kind == 4:
        return random_text()
    if kind == 5:
        return random_bytes()
    if kind == 6:
        return msgpack.ExtType(random.randrange(128), random_bytes())
    if kind == 7:
        seconds = random.choice([random.randrange(2**32), 2**34 + random.randrange(-2, 3), random.randrange(-(2**63), 2**63), random.randrange(-9, 9)])
        return msgpack.Timestamp(seconds, random.choice([0, random.randrange(10**9)]))
    if kind == 8:
        keys = [random.choice([random_integer, random_text, random_bytes])() for _ in range(random_count())]
        return {key: random_value(depth - 1) for key in keys}
    return [random_value(depth - 1) for _ in range(random_count())]


def random_integer():
    value = 2 ** random.randrange(65) + random.randrange(-2, 3) if random.random() < 0.5 else random.getrandbits(random.randrange(1, 65))
    return max(-(2**63), min(2**64 - 1, random.choice([value, -value])))


def random_text():
    return "".join(chr(random.choice([random.randrange(0x80), random.randrange(0x80, 0xD800), random.randrange(0xE000, 0x110000)])) for _ in range(random_length()))


def random_bytes():
    return bytes(random.getrandbits(8) for _ in range(random_length()))


def random_length():
    return random.choice([0, 1, 2, 4, 8, 15, 16, 17, 31, 32, 33, 255, 256]) if random.random() < 0.3 else random.randrange(12)


def random_count():
    return random.randrange(15, 19) if random.random() < 0.1 else random.randrange(5)


def border_values():
    for length in (0, 31, 32, 255, 256, 65535, 65536):
        yield "a" * length
        yield b"b" * length
        yield msgpack.ExtType(1, b"c" * length)
    for count in (0, 15, 16, 65535, 65536):
        yield [None] * count
        yield {key: None for key in range(count)}


def generate(seed, count):
    """Values of this side's own making: what each says, and its packed form."""
    random.seed(seed)
    for value in [*border_values(), *(random_value(4) for _ in range(count))]:
        write_frame(describe(value).encode())
        write_frame(msgpack.packb(value, use_bin_type=True, use_single_float=False))


if sys.argv[1] == "echo":
    echo(singles=sys.argv[2] == "singles")
else:
    generate(int(sys.argv[2]), int(sys.argv[3]))
