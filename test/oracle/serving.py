"""Who listens in a network namespace, and what arrives there whether anybody listens or not."""

import json
import selectors
import socket
import struct

selector = selectors.DefaultSelector()
listeners = {}
received = []  # what came in, as it was then
name = ''  # of the namespace, in what its servers say

IP_PKTINFO, IPV6_RECVPKTINFO, IPV6_PKTINFO = 8, 49, 50
IP_TRANSPARENT, IPV6_TRANSPARENT = 19, 75


def plain(address):
    return address[7:] if address.startswith('::ffff:') else address.split('%')[0]


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


def watch():
    for family in (socket.AF_INET, socket.AF_INET6):
        for inner in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
            try:
                sock = socket.socket(family, socket.SOCK_RAW, inner)
            except OSError:
                continue
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
            sock.setblocking(False)
            selector.register(sock, selectors.EVENT_READ, arrivals)
