import { nomad } from '../ask/nomad.ts'
import type { Ask } from '../ask/request.ts'
import type { ConsulSource } from './consul.ts'

/** How many clients are tried. */
const most = 3

/**
 * For somebody who named no Consul: what listens on their own loopback may belong to another cluster, while the agents
 * beside the Nomad clients belong to this one. They are asked from those machines.
 */
export function besideClient({ ask, close }: ConsulSource, servers: Ask): ConsulSource {
  let chosen: Promise<string | undefined> | undefined
  async function choose(): Promise<string | undefined> {
    let silent: string | undefined
    for (const node of readyIds((await servers(nomad.nodes())).body).slice(0, most)) {
      const { status, refusal } = await ask({ via: 'consul', path: '/v1/status/leader', node })
      if (status > 0) return node
      if (!refusal) silent ??= node // nobody listens there, which is an answer about this cluster too
    }
    return silent
  }
  return {
    close,
    async ask(request) {
      if (request.via !== 'consul' || request.node !== undefined) return ask(request)
      const node = await (chosen ??= choose())
      return ask(node === undefined ? request : { ...request, node })
    },
  }
}

function readyIds(body: string): readonly string[] {
  try {
    const nodes = JSON.parse(body) as readonly { ID?: unknown; Status?: unknown }[]
    return nodes.flatMap(({ ID, Status }) => (Status === 'ready' && typeof ID === 'string' ? [ID] : []))
  } catch {
    return []
  }
}
