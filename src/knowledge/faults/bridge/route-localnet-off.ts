import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const local = inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' })
const key = 'net.ipv4.conf.nomad.route_localnet'

export const routeLocalnetOff = fault({
  id: 'route-localnet-off',
  about: 'path',
  title: 'Calls to 127.0.0.1 may not be sent on into the bridge: route_localnet is 0',
  layer: 'node',
  severity: 'breaks',
  heard: ['net.ipv4.conf.nomad.route_localnet = 0'],
  onlyWhen: { 'path.entry': ['host'] },
  needs: ['path.loopback-off'],
  holds: ({ 'path.loopback-off': off }) =>
    off
      ? `On ${off.way.node} ${off.key} is 0, so a call to ${off.way.address}:${off.way.port} is dropped on its way to the allocation`
      : false,
  byHand:
    "On the client: sysctl net.ipv4.conf.<bridge>.route_localnet has to say 1. Only 127.0.0.1:<host port> times out, the client's own address works.",
  explains: ['nsd-check-failing'],
  because:
    "A call to 127.0.0.1 and a host port is translated to the allocation's address, but it still comes from 127.0.0.1, and Linux drops such packets on every device except lo. The portmap plug-in sets route_localnet for the bridge to allow it. Hardening, or a bridge that was created anew, resets it; nothing else is hurt, so only local callers and their health checks time out.",
  fix: ({ 'path.loopback-off': off }) => [
    {
      do: 'Allow it for the bridge',
      on: `client ${off?.way.node ?? ''}`,
      run: ['sysctl', '-w', `${off?.key ?? key}=1`],
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
      given: { 'path.entry': 'host', 'path.loopback-off': { way: local, key } },
      then: 'present',
    },
    {
      name: "the setting is 1, or the client's address is called",
      given: { 'path.entry': 'host', 'path.loopback-off': null },
      then: 'absent',
    },
    {
      name: 'called from another client',
      given: { 'path.entry': 'lan', 'path.loopback-off': { way: local, key } },
      then: 'absent',
    },
  ],
})
