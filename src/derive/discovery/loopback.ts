import { clientOf, told } from '../../knowledge/clients.ts'
import { isLoopback, servicesOf } from '../../knowledge/discovery.ts'
import type { LoopbackService } from '../../knowledge/shapes/said.ts'
import { derivation, made, notKnown } from '../derivation.ts'

const loopbackDevice = /^lo\d*$/

export const loopbackService = derivation({
  provides: 'group.loopback-service',
  about: 'group',
  from: ['group.spec', 'group.ports'],
  maybe: ['every.node.agent'],
  shows: ['group.spec', 'every.node.agent'],
  make: ({ 'group.spec': group, 'group.ports': ports }, { 'every.node.agent': agents }) => {
    // Who comes by the mesh is led by the sidecar, which has an address of its own.
    const own = servicesOf(group).find(({ address, connect }) => isLoopback(address.trim()) && !connect)
    if (own)
      return made<LoopbackService | null>(
        { name: own.name, service: own },
        `service "${own.name}" address = "${own.address}"`,
      )
    const port = ports.find((one) => one.service !== undefined && one.port.hostNetwork === 'default')
    if (port?.service === undefined)
      return made<LoopbackService | null>(null, `group ${group.name}: no service on a port of the default network`)
    if (!agents) return notKnown('the configuration of the clients is not known')
    const devices = agents.map(({ value }) => told(clientOf(value), 'NetworkInterface'))
    const [device] = devices
    return made<LoopbackService | null>(
      device !== undefined && devices.every((one) => loopbackDevice.test(one))
        ? { name: port.service, port, device }
        : null,
      agents.map(({ about }, i) => `${about}: network_interface = "${devices[i] ?? ''}"`).join('\n') || 'no client',
    )
  },
})
