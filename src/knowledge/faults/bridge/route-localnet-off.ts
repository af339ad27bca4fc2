import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const local = inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' })
const key = (device: string): string => `net.ipv4.conf.${device.replaceAll('.', '/')}.route_localnet`

export const routeLocalnetOff = fault({
  id: 'route-localnet-off',
  about: 'path',
  title: 'Calls to 127.0.0.1 may not be sent on into the bridge: route_localnet is 0',
  layer: 'node',
  severity: 'breaks',
  heard: ['net.ipv4.conf.nomad.route_localnet = 0'],
  onlyWhen: { 'path.entry': ['host'] },
  needs: ['path.inbound.way', 'target.node.sysctls'],
  shows: ['target.node.sysctls'],
  holds: ({ 'path.inbound.way': way, 'target.node.sysctls': settings }) => {
    if (!way?.inside || !way.address.startsWith('127.')) return false
    if (settings[key(way.out)] !== '0' || settings[key('all')] !== '0') return false
    return `On ${way.node} ${key(way.out)} is 0, so a call to ${way.address}:${way.port} is dropped on its way to the allocation`
  },
  byHand:
    "On the client: sysctl net.ipv4.conf.<bridge>.route_localnet has to say 1. Only 127.0.0.1:<host port> times out, the client's own address works.",
  explains: ['nsd-check-failing'],
  because:
    "A call to 127.0.0.1 and a host port is translated to the allocation's address, but it still comes from 127.0.0.1, and Linux drops such packets on every device except lo. The portmap plug-in sets route_localnet for the bridge to allow it. Hardening, or a bridge that was created anew, resets it; nothing else is hurt, so only local callers and their health checks time out.",
  fix: ({ 'path.inbound.way': way }) => [
    {
      do: 'Allow it for the bridge',
      on: `client ${way?.node ?? ''}`,
      run: ['sysctl', '-w', `${key(way?.out ?? 'nomad')}=1`],
      risk: 'none: the portmap plug-in sets the same',
    },
    { do: "Or let the caller use the client's address instead of 127.0.0.1", on: 'job file', risk: 'none' },
  ],
  references: [
    'https://www.cni.dev/plugins/current/meta/portmap/',
    'https://docs.kernel.org/networking/ip-sysctl.html',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'called by 127.0.0.1, the setting is 0',
      given: {
        'path.entry': 'host',
        'path.inbound.way': local,
        'target.node.sysctls': { [key('nomad')]: '0', [key('all')]: '0' },
      },
      then: 'present',
    },
    {
      name: 'the setting is 1',
      given: {
        'path.entry': 'host',
        'path.inbound.way': local,
        'target.node.sysctls': { [key('nomad')]: '1', [key('all')]: '0' },
      },
      then: 'absent',
    },
    {
      name: "called by the client's address",
      given: {
        'path.entry': 'host',
        'path.inbound.way': inbound({ in: '' }),
        'target.node.sysctls': { [key('nomad')]: '0', [key('all')]: '0' },
      },
      then: 'absent',
    },
    {
      name: 'called from another client',
      given: {
        'path.entry': 'lan',
        'path.inbound.way': inbound(),
        'target.node.sysctls': { [key('nomad')]: '0', [key('all')]: '0' },
      },
      then: 'absent',
    },
  ],
})
