"""Lives in one network namespace; reads commands as lines of JSON on stdin, answers each with one line on stdout.

It ends when stdin does, and the namespace, which has no name, ends with it.
"""

import ctypes
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import asking
import serving


def reply(value):
    sys.stdout.write(json.dumps(value) + '\n')
    sys.stdout.flush()


def run(programs):
    done = []
    for one in programs:
        try:
            got = subprocess.run(
                one['argv'],
                input=one.get('stdin', '').encode(),
                capture_output=True,
                env={**os.environ, **one.get('env', {})},
                timeout=60,
            )
            done.append({'code': got.returncode, 'out': got.stdout.decode('utf8', 'replace'), 'err': got.stderr.decode('utf8', 'replace')})
        except (OSError, subprocess.TimeoutExpired) as error:
            done.append({'code': 127, 'out': '', 'err': str(error)})
    return done


def settings(values):
    failed = []
    for key, value in values:
        path = '/proc/sys/' + '/'.join(part.replace('/', '.') for part in key.split('.'))
        try:
            with open(path, 'w') as file:
                file.write(value)
        except OSError as error:
            failed.append(f'{key}={value}: {error}')
    return failed


def flush_conntrack():
    """The netlink message `conntrack -F` sends."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    try:
        sock.send(struct.pack('=IHHII', 20, (1 << 8) | 2, 1 | 4, 1, 0) + struct.pack('=BBH', 0, 0, 0))
        sock.settimeout(5)
        answer = sock.recv(4096)
        return struct.unpack_from('=i', answer, 16)[0]
    finally:
        sock.close()


def flush_neighbours():
    """What `ip neigh flush all` does: everything but permanent entries and devices without ARP."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    try:
        sock.settimeout(5)
        sock.send(struct.pack('=IHHII12x', 28, GETNEIGH, 1 | 0x300, 1, 0))
        gone, ended = [], False
        while not ended:
            data = sock.recv(1 << 16)
            while data:
                length, kind = struct.unpack_from('=IH', data)
                message, data = data[16:length], data[(length + 3) & ~3 :]
                ended = kind == 3
                if kind != 28 or struct.unpack_from('=H', message, 8)[0] & (NUD_PERMANENT | NUD_NOARP):
                    continue
                gone.append(message)
        for message in gone:
            sock.send(struct.pack('=IHHII', 16 + len(message), DELNEIGH, 1 | 4, 2, 0) + message)
            sock.recv(4096)
    finally:
        sock.close()


GETNEIGH, DELNEIGH, NUD_NOARP, NUD_PERMANENT = 30, 29, 0x40, 0x80


def handle(command):
    op = command['op']
    if op == 'run':
        reply(run(command['list']))
    elif op == 'set':
        reply(settings(command['values']))
    elif op == 'listen':
        reply(serving.listen(command['list']))
    elif op == 'flush':
        serving.received.clear()
        flush_neighbours()
        settings([['net.ipv4.route.flush', '1'], ['net.ipv6.route.flush', '1']])
        reply(flush_conntrack())
    elif op == 'seen':
        reply(serving.received)
    elif op == 'try':
        asking.start_attempts(command)


def main():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # die with the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_blocking(0, False)
    serving.watch()
    asking.watch()
    serving.selector.register(0, selectors.EVENT_READ, None)
    reply({'pid': os.getpid()})
    pending = b''
    while True:
        timeout = None if asking.waiting is None else max(0, asking.waiting['until'] - time.monotonic())
        for key, _ in serving.selector.select(timeout):
            if key.data is not None:
                key.data(key.fileobj)
                continue
            data = os.read(0, 1 << 20)
            if not data:
                return
            pending += data
            *lines, pending = pending.split(b'\n')
            for line in lines:
                handle(json.loads(line))
        results = asking.check_attempts()
        if results is not None:
            reply(results)


serving.name = sys.argv[1]
main()
