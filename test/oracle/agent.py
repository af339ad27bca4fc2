"""Lives in one network namespace; reads commands as lines of JSON on stdin, answers each with one line on stdout.

It ends when stdin does, and the namespace, which has no name, ends with it.
"""

import ctypes
import errno
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time

selector = selectors.DefaultSelector()
listeners = {}
received = []  # what came in, as it was then
waiting = None  # the attempts under way

SO_MARK, IP_PKTINFO, IPV6_RECVPKTINFO, IPV6_PKTINFO = 36, 8, 49, 50
IP_TRANSPARENT, IPV6_TRANSPARENT, IP_MTU_DISCOVER, IPV6_MTU_DISCOVER = 19, 75, 10, 23
LINGER = struct.pack('ii', 1, 0)


def plain(address):
    return address[7:] if address.startswith('::ffff:') else address.split('%')[0]


def code(number):
    return errno.errorcode.get(number, str(number))


def reply(value):
    sys.stdout.write(json.dumps(value) + '\n')
    sys.stdout.flush()


# Programs


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


# The serving side


def listen(wanted):
    failed = []
    keys = [
        (one['proto'], one['address'], one['port'], one.get('v6only', False), one.get('device', ''), one.get('transparent', False))
        for one in wanted
    ]
    for key in [key for key in listeners if key not in keys]:
        sock = listeners.pop(key)
        selector.unregister(sock)
        sock.close()
    for key in keys:
        if key in listeners:
            continue
        proto, address, port, v6only, device, transparent = key
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM if proto == 'tcp' else socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if transparent:
            sock.setsockopt(*((socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1) if family == socket.AF_INET6 else (socket.IPPROTO_IP, IP_TRANSPARENT, 1)))
        if device:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1 if v6only else 0)
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        if family == socket.AF_INET or not v6only:
            sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        sock.setblocking(False)
        try:
            sock.bind((address, port))
            if proto == 'tcp':
                sock.listen(64)
        except OSError as error:
            sock.close()
            failed.append(f'{proto} {address} {port}: {error}')
            continue
        listeners[key] = sock
        selector.register(sock, selectors.EVENT_READ, serve_tcp if proto == 'tcp' else serve_udp)
    return failed


def banner(proto, local, port, peer, peerport):
    seen = {'proto': proto, 'local': plain(local), 'port': port, 'peer': plain(peer), 'peerport': peerport}
    return json.dumps({'name': name, **seen}).encode() + b'\n'


def serve_tcp(sock):
    try:
        accepted, peer = sock.accept()
    except OSError:
        return
    local = accepted.getsockname()
    try:
        accepted.send(banner('tcp', local[0], local[1], peer[0], peer[1]))
    except OSError:
        pass
    accepted.close()


def serve_udp(sock):
    try:
        _, control, _, peer = sock.recvmsg(2048, 512)
    except OSError:
        return
    local, back = None, []
    for level, kind, value in control:
        if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
            local = socket.inet_ntop(socket.AF_INET, value[8:12])
            back = [(level, kind, struct.pack('=i4s4s', 0, value[8:12], b'\0' * 4))]
        if level == socket.IPPROTO_IPV6 and kind == IPV6_PKTINFO:
            address = socket.inet_ntop(socket.AF_INET6, value[:16])
            if local is None or not address.startswith('::ffff:'):
                local, back = address, [(level, kind, value[:16] + struct.pack('=i', 0))]
    if local is None:
        return
    try:
        sock.sendmsg([banner('udp', local, sock.getsockname()[1], peer[0], peer[1])], back, 0, peer)
    except OSError:
        pass


# What arrives


def arrivals(sock):
    """Every first packet that comes to this namespace itself, whether anybody listens or not."""
    try:
        data, control, _, peer = sock.recvmsg(2048, 256)
    except OSError:
        return
    if sock.family == socket.AF_INET:
        src, dst, data = socket.inet_ntoa(data[12:16]), socket.inet_ntoa(data[16:20]), data[(data[0] & 15) * 4 :]
    else:
        src, dst = plain(peer[0]), ''
        for level, kind, value in control:
            if level == socket.IPPROTO_IPV6 and kind == IPV6_PKTINFO:
                dst = socket.inet_ntop(socket.AF_INET6, value[:16])
    if len(data) < 8 or (sock.proto == 6 and data[13] & 0x12 != 2):
        return
    sport, dport = struct.unpack_from('!HH', data)
    received.append({'proto': 'tcp' if sock.proto == 6 else 'udp', 'local': dst, 'port': dport, 'peer': src, 'peerport': sport})


# The asking side


def attempt(one):
    family = socket.AF_INET6 if ':' in one['dst'] else socket.AF_INET
    state = {'one': one, 'sock': None, 'result': None, 'connected': False}
    uid = one.get('uid', 0)
    if uid:
        os.seteuid(uid)
    try:
        sock = socket.socket(family, socket.SOCK_STREAM if one['proto'] == 'tcp' else socket.SOCK_DGRAM)
    finally:
        if uid:
            os.seteuid(0)
    state['sock'] = sock
    sock.setblocking(False)
    try:
        if one.get('mark'):
            sock.setsockopt(socket.SOL_SOCKET, SO_MARK, one['mark'])
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if one['proto'] == 'tcp':
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((one.get('src') or ('::' if family == socket.AF_INET6 else '0.0.0.0'), one['sport']))
        if one['proto'] == 'tcp':
            result = sock.connect_ex((one['dst'], one['dport']))
            if result not in (0, errno.EINPROGRESS):
                raise OSError(result, 'connect')
            selector.register(sock, selectors.EVENT_WRITE, lambda _: tcp_ready(state))
        else:
            sock.connect((one['dst'], one['dport']))
            payload = b'who\n'
            if one.get('size'):
                six = family == socket.AF_INET6
                # 0: it may be cut, 2: never.
                discover = (socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER) if six else (socket.IPPROTO_IP, IP_MTU_DISCOVER)
                sock.setsockopt(*discover, 2 if one.get('df', True) else 0)
                payload = payload.ljust(one['size'] - (48 if six else 28))
            try:
                sock.send(payload)
            except OSError as error:
                # A rule of the sender took it; a REJECT is told by an ICMP message besides.
                if error.errno != errno.EPERM:
                    raise
            selector.register(sock, selectors.EVENT_READ, lambda _: udp_ready(state))
    except OSError as error:
        finish(state, 'error', error.errno)
    return state


def finish(state, kind, number=0, **more):
    if state['result']:
        return
    state['result'] = {'state': kind, 'errno': code(number) if number else '', **more}
    if state['sock'] in registered():
        selector.unregister(state['sock'])


def registered():
    return [key.fileobj for key in selector.get_map().values()]


def tcp_ready(state):
    sock = state['sock']
    if not state['connected']:
        number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        # An error after the answer is told here too.
        if number and tcp_state(sock) in (SYN_SENT, CLOSED):
            return finish(state, 'error', number)
        state['connected'] = True
        selector.modify(sock, selectors.EVENT_READ, lambda _: tcp_ready(state))
        return None
    try:
        data = sock.recv(2048)
    except BlockingIOError:
        return None
    except OSError:
        data = b''
    return finish(state, 'answered', seen=json.loads(data) if data else None)


def udp_ready(state):
    try:
        finish(state, 'answered', seen=json.loads(state['sock'].recv(2048)))
    except BlockingIOError:
        pass
    except OSError as error:
        finish(state, 'error', error.errno)


SYN_SENT, CLOSED = 2, 7


def tcp_state(sock):
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


def opening(state):
    """connect() is not through yet: what comes later is not its answer."""
    if state['one']['proto'] == 'udp':
        return True
    return not state['connected'] and tcp_state(state['sock']) in (SYN_SENT, CLOSED)


def icmp_ready(sock):
    """An error that came back, whether or not the socket was told: a connect() under way is told a second later."""
    try:
        data, peer = sock.recvfrom(4096)
    except OSError:
        return
    if waiting is None:
        return
    if sock.family == socket.AF_INET:
        data = data[(data[0] & 15) * 4 :]
        if len(data) < 36 or data[0] not in (3, 11, 12):
            return
        inner = data[8:]
        proto, dst, ports = inner[9], socket.inet_ntop(socket.AF_INET, inner[16:20]), inner[(inner[0] & 15) * 4 :]
    else:
        if len(data) < 56 or data[0] not in (1, 2, 3, 4):
            return
        inner = data[8:]
        proto, dst, ports = inner[6], socket.inet_ntop(socket.AF_INET6, inner[24:40]), inner[40:]
    sport, dport = struct.unpack_from('!HH', ports)
    for state in waiting['states']:
        one = state['one']
        if (6 if one['proto'] == 'tcp' else 17) == proto and one['sport'] == sport and plain(one['dst']) == dst and one['dport'] == dport:
            if opening(state):
                finish(state, 'error', 0, icmp=[data[0], data[1]], by=plain(peer[0]))


def start_attempts(command):
    global waiting
    waiting = {'until': time.monotonic() + command['timeout'], 'states': []}
    for one in command['list']:
        waiting['states'].append(attempt(one))


def check_attempts():
    global waiting
    if waiting is None:
        return
    late = time.monotonic() >= waiting['until']
    for state in waiting['states']:
        if late and not state['result']:
            finish(state, 'answered' if state['connected'] else 'silent', seen=None)
    if all(state['result'] for state in waiting['states']):
        for state in waiting['states']:
            state['sock'].close()
        reply([state['result'] for state in waiting['states']])
        waiting = None


def handle(command):
    op = command['op']
    if op == 'run':
        reply(run(command['list']))
    elif op == 'set':
        reply(settings(command['values']))
    elif op == 'listen':
        reply(listen(command['list']))
    elif op == 'flush':
        received.clear()
        flush_neighbours()
        settings([['net.ipv4.route.flush', '1'], ['net.ipv6.route.flush', '1']])
        reply(flush_conntrack())
    elif op == 'seen':
        reply(received)
    elif op == 'try':
        start_attempts(command)


def raw_sockets():
    for family, proto in ((socket.AF_INET, 1), (socket.AF_INET6, 58)):
        try:
            sock = socket.socket(family, socket.SOCK_RAW, proto)
        except OSError:
            continue
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ, icmp_ready)
        for inner in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
            sock = socket.socket(family, socket.SOCK_RAW, inner)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
            sock.setblocking(False)
            selector.register(sock, selectors.EVENT_READ, arrivals)


def main():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # die with the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_blocking(0, False)
    raw_sockets()
    selector.register(0, selectors.EVENT_READ, None)
    reply({'pid': os.getpid()})
    pending = b''
    while True:
        timeout = None if waiting is None else max(0, waiting['until'] - time.monotonic())
        for key, _ in selector.select(timeout):
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
        check_attempts()


name = sys.argv[1]
main()
