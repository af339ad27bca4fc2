import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nomad } from '../../src/ask/nomad.ts'
import type { Ask, Reply } from '../../src/ask/request.ts'
import { withJobFile } from '../../src/sources/job-file.ts'
import { OptionError } from '../../src/sources/option-error.ts'

const reply = (status: number, body: string): Reply => ({ at: '', ms: 0, status, body })
/** Servers that parse, and that know the job `old`. */
const servers: Ask = async (request) => {
  if (request.via !== 'nomad') return reply(404, '')
  if (request.method === 'POST') {
    const { JobHCL } = request.body as { JobHCL: string }
    return JobHCL.startsWith('job')
      ? reply(200, JSON.stringify({ ID: JobHCL.slice(4), Namespace: 'default' }))
      : reply(400, 'Failed to parse job: input.hcl:1,1-2: Invalid argument name\nmore')
  }
  return request.path === '/v1/job/old' ? reply(200, '{}') : reply(404, 'job not found')
}
let dir = ''
const file = async (text: string): Promise<string> => {
  const path = join(dir, 'job.hcl')
  await writeFile(path, text)
  return path
}
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'nd-job-'))))
afterAll(() => rm(dir, { recursive: true, force: true }))

const said = async (path: string): Promise<string> => {
  const ask = await withJobFile(servers, path)
  return ask instanceof OptionError ? ask.message : ''
}

describe('a job file', () => {
  it('answers what the servers do not have', async () => {
    const ask = await withJobFile(servers, await file('job new'))
    if (ask instanceof OptionError) throw new Error(ask.message)
    expect((await ask(nomad.parse())).body).toBe('{"ID":"new","Namespace":"default"}')
    expect((await ask(nomad.job('new'))).status).toBe(404)
    expect(JSON.parse((await ask(nomad.submission('new', 0))).body)).toMatchObject({
      Source: 'job new',
      Format: 'hcl2',
    })
    expect((await ask(nomad.submission('old', 0))).status).toBe(404)
    expect((await ask(nomad.parseText('job other', ''))).body).toContain('other')
  })
  it('that is missing, that the servers cannot read, or whose job they have is said so', async () => {
    expect(await said(join(dir, 'none.hcl'))).toContain('no such file')
    expect(await said(await file('?'))).toContain('Failed to parse job: input.hcl:1,1-2')
    expect(await said(await file('job old'))).toMatch(/have a job old[\s\S]*lint/)
  })
})
