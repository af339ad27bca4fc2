import { describe, expect, it } from 'vitest'
import { nomadProbes } from '../../src/probes/nomad/index.ts'
import { asking, body, json, refused, run, thing } from './ask.ts'
import { given, job, parsedJob, probe, value } from './nomad-things.ts'

const elsewhere = thing('job', { job: 'orders-api', namespace: 'platform' })

/** Replies that are no answer, and the reason each gives. */
const refusals = [
  ['a token without the right', refused(403, 'Permission denied'), 'denied'],
  ['a right that is missing behind a 500', refused(500, 'Permission denied'), 'denied'],
  ['an error of the server', refused(500, 'rpc error: something broke'), 'failed'],
  ['a page of a proxy', body('<html>login</html>'), 'failed'],
  ['nothing', body(''), 'failed'],
  ['a reply that is cut short', body('[{"ID":"a'), 'failed'],
  ['another shape', body('7'), 'failed'],
] as const

describe.each(nomadProbes.map((one) => [one.id, one] as const))('%s', (id, one) => {
  it.each(refusals)('%s leaves its facts unknown, with the reason', async (_, reply, why) => {
    if (['allocation-logs', 'envoy-bootstrap', 'rendered-files'].includes(id) && reply.status === 200) return // any text is output
    const names = { node: 'n1', job: 'orders-api', alloc: 'a1', service: 'orders-api' }
    const found = await run(one, thing(one.about, names), () => Promise.resolve(reply), given)
    expect(Object.keys(found).toSorted()).toEqual([...one.provides].toSorted())
    for (const held of Object.values(found)) expect(held).toMatchObject({ known: false, why })
  })

  it('is unknown where nothing was recorded', async () => {
    const names = { node: 'n1', job: 'orders-api', alloc: 'a1', service: 'orders-api' }
    const found = await run(one, thing(one.about, names), asking({}), given)
    for (const held of Object.values(found)) expect(held).toMatchObject({ known: false, why: 'not-recorded' })
  })
})

describe('a job that is not registered', () => {
  const missing = { 'GET /v1/job/orders-api': refused(404, 'job not found') }
  const errors = '1 error occurred:\n\t* connect sidecar: invalid network mode for Consul Connect\n\n'

  it('has no allocation and no evaluation, and is known from its parsed file', async () => {
    const ask = asking({ ...missing, 'POST /v1/jobs/parse': json(parsedJob) })
    expect(value((await run(probe('job'), job, ask))['job.registered'])).toBe(false)
    expect(value((await run(probe('job'), job, ask))['job.spec'])).toMatchObject({
      id: 'orders-api',
      status: '',
      groups: [{ name: 'api' }],
    })
    expect(value((await run(probe('job-allocations'), job, ask))['job.allocations'])).toEqual([])
    expect(value((await run(probe('job-evaluations'), job, ask))['job.evaluations'])).toEqual([])
  })

  it('is not taken for another job that was parsed', async () => {
    const ask = asking({ ...missing, 'POST /v1/jobs/parse': json({ ...parsedJob, ID: 'web' }) })
    expect((await run(probe('job'), job, ask))['job.spec']).toMatchObject({ known: false, why: 'not-found' })
    const other = asking({
      'GET /v1/job/orders-api?namespace=platform': refused(404, 'job not found'),
      'POST /v1/jobs/parse': json(parsedJob),
    })
    expect((await run(probe('job'), elsewhere, other))['job.spec']).toMatchObject({ known: false, why: 'not-found' })
  })

  it('is known from the list where the recording has no answer about it', async () => {
    const listed = asking({ 'GET /v1/jobs?meta=true': json([{ ID: 'web', Namespace: 'default' }]) })
    expect(value((await run(probe('job'), job, listed))['job.registered'])).toBe(false)
    expect((await run(probe('job'), job, asking({})))['job.registered']).toMatchObject({
      known: false,
      why: 'not-recorded',
    })
  })

  it('gets the errors of its refusal as an answer', async () => {
    const parsed = { ...missing, 'POST /v1/jobs/parse': json(parsedJob) }
    const plan = async (answers: object) =>
      (await run(probe('job-plan'), job, asking({ ...parsed, ...answers })))['job.plan']
    const refusal = { accepted: false, errors: ['connect sidecar: invalid network mode for Consul Connect'] }
    expect(value(await plan({ 'POST /v1/job/orders-api/plan': refused(500, errors) }))).toMatchObject(refusal)
    expect(
      value(
        await plan({
          'POST /v1/job/orders-api/plan': refused(
            500,
            'error in job mutator expose-check: unable to determine local service port',
          ),
        }),
      ),
    ).toMatchObject({ accepted: false })
    const valid = json({ ValidationErrors: ['connect sidecar: invalid network mode for Consul Connect'] })
    expect(
      value(
        await plan({
          'POST /v1/job/orders-api/plan': refused(403, 'Permission denied'),
          'POST /v1/validate/job': valid,
        }),
      ),
    ).toMatchObject(refusal)
  })

  it('is not settled by a validation that passes, nor by a plan without the right to ask', async () => {
    const parsed = {
      ...missing,
      'POST /v1/jobs/parse': json(parsedJob),
      'POST /v1/job/orders-api/plan': refused(403, 'Permission denied'),
    }
    const ask = asking({ ...parsed, 'POST /v1/validate/job': json({ ValidationErrors: null }) })
    expect((await run(probe('job-plan'), job, ask))['job.plan']).toMatchObject({ known: false, why: 'denied' })
  })
})
