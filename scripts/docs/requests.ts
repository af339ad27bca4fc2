/** What a probe asks: it is run against a world that is nowhere, and its requests are written down. */
import { describe, type Ask } from '../../src/ask/request.ts'
import type { Thing } from '../../src/knowledge/things.ts'
import type { AnyProbe } from '../../src/probes/probe.ts'

const names = {
  namespace: '<namespace>',
  job: '<job>',
  group: '<group>',
  task: '<task>',
  alloc: '<alloc>',
  node: '<node>',
  nodeName: '<node>',
  service: '<service>',
  address: '192.0.2.1',
  port: 80,
}

export async function requestsOf({ about, read }: AnyProbe): Promise<readonly string[]> {
  const asked = new Set<string>()
  const ask: Ask = async (request) => {
    asked.add(describe(request))
    return { at: '', ms: 0, status: 404, body: '' }
  }
  const links = Object.fromEntries(['source', 'target'].map((side) => [`${side}.node`, 'node:<node>']))
  const thing: Thing = { id: `${about}:x`, kind: about, about, links, many: {}, names }
  try {
    await read(ask, thing, given)
  } catch {
    // It wanted more of the world than there is: what it asked until then is written down.
  }
  return [...asked].map((text) => text.replaceAll(/%3C(\w+)%3E/g, '<$1>'))
}

/** Whatever is wanted of it is there, and says its own name. */
const anything = (name: string): unknown =>
  new Proxy(
    {},
    {
      get: (_, key) => {
        if (key === Symbol.toPrimitive || key === 'toString') return () => `<${name}>`
        if (key === Symbol.iterator) return [][Symbol.iterator].bind([])
        if (key === 'map' || key === 'flatMap' || key === 'filter') return () => []
        return typeof key === 'string' ? anything(key) : undefined
      },
    },
  )
const given = new Proxy({}, { get: (_, key) => anything(String(key)) }) as Readonly<Record<string, unknown>>
