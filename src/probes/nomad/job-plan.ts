import type { Ask } from '../../ask/request.ts'
import { nomad } from '../../ask/nomad.ts'
import type { Held } from '../../knowledge/fact.ts'
import type { PlanAnswer } from '../../knowledge/shapes/runtime.ts'
import { object, textOr, texts } from '../json.ts'
import { fromJson, held, look, probe, unknown, type Answer } from '../probe.ts'
import { failureLines, failures } from './evaluation.ts'
import { parsedJob, readJob } from './job.ts'
import { refusedJob } from './refused-job.ts'

interface Read {
  readonly plan: Answer
  readonly validation: Answer | null
}

export const jobPlan = probe({
  id: 'job-plan',
  about: 'job',
  title: 'Asking the scheduler what it would do with the job',
  provides: ['job.plan'],
  given: [],
  cost: 'slow',
  read: async (ask, thing): Promise<Read> => {
    const read = await readJob(ask, thing)
    const parsed = parsedJob(read, thing.names)
    const json = read.job.refusal ? parsed?.json : bodyOf(read.job)
    if (json === undefined) return { plan: read.job, validation: null }
    const { job = '', namespace } = thing.names
    const plan = await recorded(ask, nomad.plan(job, json, namespace))
    return { plan, validation: parsed && plan.refusal ? await recorded(ask, nomad.validate(json, namespace)) : null }
  },
  parse: ({ plan, validation }: Read) => ({ 'job.plan': answerOf(plan, validation) }),
})

/** A recording holds one plan of a job, made while its status may have been another one. */
async function recorded(ask: Ask, request: ReturnType<typeof nomad.plan>): Promise<Answer> {
  const answer = await look(ask, request)
  if (answer.refusal?.why !== 'not-recorded' || !('body' in request)) return answer
  const { body: _, ...without } = request
  return look(ask, without)
}

function bodyOf({ reply }: Answer): unknown {
  try {
    return JSON.parse(reply.body)
  } catch {
    return undefined
  }
}

function answerOf(plan: Answer, validation: Answer | null): Held<PlanAnswer> {
  const against = refusedJob(plan.reply)
  if (against) return refusal(plan, against, '')
  if (plan.refusal && validation && !validation.refusal) {
    const errors = fromJson('job-plan', validation, (json) => [
      texts(object(json)['ValidationErrors'], 'ValidationErrors'),
      '',
    ])
    // A job that passes the validation may still be refused by the plan.
    if (errors.known && errors.value.length > 0) return refusal(validation, errors.value, '')
  }
  if (plan.refusal) return unknown(plan)
  return fromJson('job-plan', plan, (json) => {
    const reply = object(json, 'plan')
    const failed = failures(reply['FailedTGAllocs'])
    const warnings = textOr(reply['Warnings'], '')
    const lines = Object.entries(failed).map(([group, why]) => failureLines(group, why))
    return [
      { accepted: true, errors: [], warnings, failed },
      lines.join('\n') || warnings || 'all groups can be placed',
    ]
  })
}

const refusal = (answer: Answer, errors: readonly string[], warnings: string): Held<PlanAnswer> =>
  held('job-plan', answer, { accepted: false, errors, warnings, failed: {} }, errors.join('\n'))
