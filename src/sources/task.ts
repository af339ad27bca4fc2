import { refusalOf } from '../ask/refusal.ts'
import { needsConsentInside } from '../ask/consent.ts'
import type { Ask, Reply, Request } from '../ask/request.ts'
import { placeForbids } from './connect.ts'
import type { Consent } from './consent.ts'
import type { Endpoint } from './endpoint.ts'
import { execute } from './exec.ts'
import type { NomadSource } from './nomad.ts'
import { refused } from './reply.ts'
import { dialScript, readDial } from './task-script.ts'

type TaskRequest = Extract<Request, { via: 'task' }>

/** How often an empty success is asked: exec answers are now and then empty though the command wrote something. */
const tries = 3

/** Commands inside a task, through Nomad's exec stream. Nothing runs in a workload without consent. */
export function taskSource(nomad: NomadSource, endpoint: Endpoint, consent: Consent): Ask {
  async function ask(request: TaskRequest): Promise<Reply> {
    const argv = 'argv' in request ? request.argv : dialScript(request.connect)
    let reply: Reply | undefined
    for (let n = 0; n < tries; n += 1) {
      reply = await execute({ nomad, endpoint, alloc: request.alloc, task: request.task, argv })
      const dialled = 'connect' in request && reply.status === 0 ? readDial(reply) : null
      if (dialled) return dialled
      const empty = reply.status === 0 && reply.body === '' && !reply.stderr
      const cut = 'connect' in request && reply.status === 0
      if (!empty && !cut) break
    }
    const last = reply ?? refused('failed', 'nothing was asked')
    if (!('connect' in request) || last.refusal) return last
    if (last.status === 0)
      return {
        ...last,
        status: -1,
        refusal: { why: 'failed', detail: 'the exec stream ended before the attempt was reported' },
      }
    // The shell itself did not run: that says nothing about the network.
    const refusal = refusalOf({ via: 'task', alloc: request.alloc, task: request.task, argv }, last)
    return { ...last, status: -1, ...(refusal ? { refusal } : {}) }
  }
  return async (request) => {
    if (request.via !== 'task') return refused('not-asked', 'not a command in a task')
    const forbidden = 'connect' in request ? placeForbids(request.connect) : null
    if (forbidden !== null) return refused('not-asked', forbidden)
    if (!(await consent(request))) return refused('not-asked', needsConsentInside)
    return ask(request)
  }
}
