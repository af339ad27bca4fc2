import { refusalOf } from '../ask/refusal.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import type { Consent } from './consent.ts'
import { judge, type Commands } from './node.ts'
import { refused } from './reply.ts'
import { shortly } from './shortly.ts'
import type { SpawnOptions } from './spawn.ts'

/** Runs commands inside the network namespace of an allocation. */
export interface NetnsCommands {
  readonly run: (node: string, alloc: string, argv: readonly string[], options?: SpawnOptions) => Promise<Reply>
}

interface Container {
  readonly Name?: string
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null }
  readonly HostConfig?: { readonly NetworkMode?: string }
  readonly NetworkSettings?: { readonly SandboxKey?: string }
}

const isAlloc = (text: string): boolean => /^[0-9a-f-]{36}$/i.test(text)
const isPath = (text: string | undefined): text is string =>
  /^\/(var\/)?run\/[\w/.-]+$/.test(text ?? '') && !text?.includes('..')

function rows<T>(text: string): T[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line.trim() === '' ? [] : [JSON.parse(line) as T]
    } catch {
      return []
    }
  })
}

function containers(body: string): Container[] {
  try {
    const list: unknown = JSON.parse(body)
    return Array.isArray(list) ? (list as Container[]) : []
  } catch {
    return []
  }
}

/** A look that failed is marked as one: it must not be taken for the answer of the command it prepares. */
function explained(request: Request, reply: Reply): Reply {
  const refusal = refusalOf(request, reply)
  return refusal ? { ...reply, refusal } : reply
}

const owns = ({ HostConfig }: Container): boolean =>
  !/^(host|none|container:.*)$/.test(HostConfig?.NetworkMode ?? 'host')

/** Where the namespace of an allocation is on its machine: made by the agent, held by a pause container, or a container's own. */
export async function findNetns(on: Commands, node: string, alloc: string): Promise<string | Reply> {
  if (!isAlloc(alloc)) return refused('not-asked', 'not an allocation id')
  const run = async (...argv: string[]) => explained({ via: 'node', node, argv }, await on.run(node, argv))
  const folder = await run('ls', '/var/run/netns')
  if (folder.refusal && folder.refusal.why !== 'not-found') return folder
  if (folder.body.split('\n').includes(alloc)) return `/var/run/netns/${alloc}`
  const listed = await run('docker', 'ps', '--no-trunc', '--format', '{{json .}}')
  const running = rows<{ ID?: string; Names?: string; Labels?: string }>(listed.status === 0 ? listed.body : '')
  const pause = running.filter((row) => row.Names === `nomad_init_${alloc}`)
  const mine =
    pause.length > 0
      ? pause
      : running.filter(
          (row) => row.Labels?.includes(`com.hashicorp.nomad.alloc_id=${alloc}`) || row.Names?.endsWith(`-${alloc}`),
        )
  const ids = mine.map((row) => row.ID ?? '').filter((id) => /^[0-9a-f]{12,64}$/.test(id))
  if (ids.length > 0) {
    const inspected = await run('docker', 'inspect', ...ids)
    if (inspected.refusal) return inspected
    // A pause container says "none": the agent itself connects its namespace.
    const holder = containers(inspected.body).find((each) => pause.length > 0 || owns(each))
    const path = holder?.NetworkSettings?.SandboxKey
    if (isPath(path)) return path
  }
  if (listed.refusal && listed.refusal.why !== 'unsupported') return listed
  return refused(
    'not-found',
    'the allocation has no network namespace of its own on that machine: its group uses the network of the host, or it does not run',
  )
}

export function netnsCommands(on: Commands): NetnsCommands {
  // An allocation may get a new namespace.
  const find = shortly((key) => {
    const [node = '', alloc = ''] = key.split(' ')
    return findNetns(on, node, alloc)
  })
  return {
    async run(node, alloc, argv, options) {
      const path = await find(`${node} ${alloc}`)
      return typeof path === 'string' ? on.run(node, ['nsenter', `--net=${path}`, '--', ...argv], options) : path
    },
  }
}

/** Read-only commands inside the network namespace of an allocation. */
export function netnsSource(on: Commands, inside: NetnsCommands, consent: Consent): Ask {
  return async (request) => {
    if (request.via !== 'netns' || !('argv' in request))
      return refused('not-asked', 'not a command in a network namespace')
    const refusal = await judge(request, on, consent)
    return refusal ?? inside.run(request.node, request.alloc, request.argv)
  }
}
