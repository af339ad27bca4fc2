"""Connection attempts out of a network namespace, and what becomes of them."""

import errno
import json
import os
import selectors
import socket
import struct
import time

from serving import plain, selector

waiting = None  # the attempts under way

SO_MARK, IP_MTU_DISCOVER, IPV6_MTU_DISCOVER = 36, 10, 23
LINGER = struct.pack('ii', 1, 0)


def code(number):
    return errno.errorcode.get(number, str(number))


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
                state['taken'] = True
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
                finish(state, 'error', errno.EPERM if state.get('taken') else 0, icmp=[data[0], data[1]], by=plain(peer[0]))


def start_attempts(command):
    global waiting
    waiting = {'until': time.monotonic() + command['timeout'], 'states': []}
    for one in command['list']:
        waiting['states'].append(attempt(one))


def check_attempts():
    """What became of the attempts, once all of them ended or their time is over; None before."""
    global waiting
    if waiting is None:
        return None
    late = time.monotonic() >= waiting['until']
    for state in waiting['states']:
        if late and not state['result'] and state.get('taken'):
            finish(state, 'error', errno.EPERM)
        if late and not state['result']:
            finish(state, 'answered' if state['connected'] else 'silent', seen=None)
    if not all(state['result'] for state in waiting['states']):
        return None
    results = [state['result'] for state in waiting['states']]
    for state in waiting['states']:
        state['sock'].close()
    waiting = None
    return results


def watch():
    for family, proto in ((socket.AF_INET, 1), (socket.AF_INET6, 58)):
        try:
            sock = socket.socket(family, socket.SOCK_RAW, proto)
        except OSError:
            continue
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ, icmp_ready)
