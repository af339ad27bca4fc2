import type { Link } from '../ip.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { strange } from './refused.ts'

const flags = { hairpin: 'hairpin', isolated: 'isolated' } as const

/** `bridge link set dev X hairpin on` */
export function changeBridge(state: NamespaceState, args: readonly string[]): Changed {
  const [object, verb, ...rest] = args
  const [keyword, device = '', ...settings] = rest
  if (object !== 'link' || verb !== 'set' || keyword !== 'dev' || settings.length === 0)
    return strange(args.join(' '), `bridge ${args.join(' ')} is not modelled`)
  const { links, bridgePorts } = state
  const link = links?.find(({ name }) => name === device)
  if (!links || !link) return { not: `there is no device ${device}` }
  if (link.master === undefined) return { not: `${device} is a port of no bridge` }
  const found: { hairpin?: boolean; isolated?: boolean } = {}
  for (let i = 0; i < settings.length; i += 2) {
    const [name = '', value = ''] = [settings[i], settings[i + 1]]
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
