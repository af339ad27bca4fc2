import { refusalOf } from '../ask/refusal.ts'
import type { Ask } from '../ask/request.ts'
import type { Planned } from '../knowledge/fault.ts'
import { editedPlan } from '../probes/nomad/edited-plan.ts'

export type Plan = (edited: string) => Promise<Planned>

/** Each text costs the servers a run of their scheduler. */
const most = 12

/** Plans the first edited texts of a run, each once, as long as the servers answer. `usual`: namespace of files that name none. */
export function planner(ask: Ask, variables: string, usual: string | undefined): Plan {
  const known = new Map<string, Promise<Planned>>()
  let silent: string | undefined
  const watched: Ask = async (request) => {
    const reply = await ask(request)
    const refusal = refusalOf(request, reply)
    if (refusal && ['offline', 'timed-out'].includes(refusal.why)) silent = refusal.detail
    return reply
  }
  return async (text) => {
    const before = known.get(text)
    if (before) return before
    if (silent !== undefined) return { unplanned: `the servers no longer answered: ${silent}` }
    if (known.size >= most) return { unplanned: `only the first ${most} edits are planned` }
    const answer = editedPlan(watched, { text, variables, usual })
    known.set(text, answer)
    return answer
  }
}
