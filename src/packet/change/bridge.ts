import type { Link } from '../ip.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { strange } from './refused.ts'

const flags = { hairpin: 'hairpin', isolated: 'isolated' } as const

/** As `bridge` numbers them (iproute2, bridge/link.c). */
const states = ['disabled', 'listening', 'learning', 'forwarding', 'blocking']

/** `bridge link set dev X hairpin on`, `bridge link set dev X state 3` */
export function changeBridge(state: NamespaceState, args: readonly string[]): Changed {
  const [object, verb, ...rest] = args
  const [keyword, device = '', ...settings] = rest
  if (object !== 'link' || verb !== 'set' || keyword !== 'dev' || settings.length === 0)
    return strange(args.join(' '), `bridge ${args.join(' ')} is not modelled`)
  const { links, bridgePorts } = state
  const link = links?.find(({ name }) => name === device)
  if (!links || !link) return { not: `there is no device ${device}` }
  if (link.master === undefined) return { not: `${device} is a port of no bridge` }
  const found: { hairpin?: boolean; isolated?: boolean; state?: string } = {}
  for (let i = 0; i < settings.length; i += 2) {
    const [name = '', value = ''] = [settings[i], settings[i + 1]]
    const named = name === 'state' ? (states[Number(value)] ?? states.find((one) => one === value)) : undefined
    if (named !== undefined && value !== '') {
      if (links.find(({ name: one }) => one === link.master)?.bridge?.stp !== false)
        return {
          not: `whether the spanning tree of ${link.master} lets anybody set the state of ${device} is not known`,
        }
      found.state = named
      continue
    }
    if (!Object.hasOwn(flags, name) || !/^(on|off)$/.test(value))
      return strange(name, `bridge link set … ${name} is not modelled`)
    found[name as keyof typeof flags] = value === 'on'
  }
  const ports = bridgePorts?.map((port) => (port.name === device ? { ...port, ...found } : port))
  return {
    state: {
      ...state,
      links: links.map((one): Link => (one.name === device ? { ...one, port: { ...one.port, ...found } } : one)),
      ...(ports ? { bridgePorts: ports } : {}),
    },
  }
}
