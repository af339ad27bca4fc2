import type { PortSpec } from '../../knowledge/shapes/job.ts'
import type { AllocPort } from '../../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { serviceFor } from '../paths.ts'
import { linked } from './place.ts'

const decimal = (text: string | number | undefined): number | null =>
  text !== undefined && /^\d{1,5}$/.test(String(text)) ? Number(text) : null

/** The port a process must listen on: `to`, or the host port where there is none. Source: nomad/structs `AllocatedPortMapping`. */
export const inside = ({ to, hostPort }: AllocPort): number => (to > 0 ? to : hostPort)

export const portDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.service',
    about: 'path',
    from: ['target.group.spec'],
    make: ({ 'target.group.spec': group }, _, { names }) => {
      const service = serviceFor(group, names.port ?? null)
      return service
        ? made(
            service,
            `service "${service.name}" port = "${service.port}" provider = "${service.provider}"${service.address === '' ? '' : ` address = "${service.address}"`}`,
          )
        : made(null, `group ${group.name} has no service`)
    },
  }),
  derivation({
    provides: 'path.port',
    about: 'path',
    from: ['target.group.spec', 'path.service'],
    maybe: ['target.alloc.record'],
    make: ({ 'target.group.spec': group, 'path.service': service }, { 'target.alloc.record': record }, thing) => {
      if (!record && linked(thing, 'target.alloc') !== 'nobody') return notKnown("the target's allocation is not known")
      const declared = group.network?.ports ?? []
      const asked = thing.names.port ?? (service?.port || declared[0]?.label)
      if (asked === undefined)
        return made({ label: null, number: null, mapped: null }, `group ${group.name} declares no port`)
      const number = decimal(asked)
      const given = record?.ports ?? []
      const label =
        declared.find((port) => port.label === String(asked))?.label ?? labelOf(number, declared, given) ?? null
      const mapped = given.find((port) => port.label === label) ?? null
      return made(
        { label, number, mapped },
        mapped ? `port ${wordsOf(mapped)}` : `port ${asked}: no port of the allocation`,
      )
    },
  }),
  derivation({
    provides: 'path.inside-port',
    about: 'path',
    from: ['path.port', 'target.group.spec'],
    maybe: ['target.alloc.port-ways'],
    make: (
      { 'path.port': { label, number, mapped }, 'target.group.spec': group },
      { 'target.alloc.port-ways': ways },
      thing,
    ) => {
      const way = ways?.find((one) => one.label === label)
      if (way) return way.inside
      if (mapped && linked(thing, 'target.alloc') !== 'nobody') return notKnown("the target's ports are not known")
      const port = (group.network?.ports ?? []).find((one) => one.label === label)
      const declared = port && (port.to !== undefined && port.to > 0 ? port.to : port.static)
      return declared ?? number ?? notKnown('no number is written for this port')
    },
  }),
]

/** The label behind a number: the port that is mapped to it inside, or that has it on the host. */
function labelOf(
  number: number | null,
  declared: readonly PortSpec[],
  given: readonly AllocPort[],
): string | undefined {
  if (number === null) return undefined
  return (
    given.find((port) => inside(port) === number)?.label ??
    given.find((port) => port.hostPort === number)?.label ??
    declared.find((port) => port.to === number || port.static === number)?.label
  )
}

const wordsOf = (port: AllocPort): string => `${port.label} = ${port.hostIp}:${port.hostPort} -> ${inside(port)}`
