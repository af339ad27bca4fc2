import { describe, expect, test } from 'vitest'
import { renderedPath } from '../../src/ask/rendered.ts'
import type { Reply, Request } from '../../src/ask/request.ts'
import { group, task } from '../../src/knowledge/samples.ts'
import { nomadProbes } from '../../src/probes/nomad/index.ts'
import { thing } from './ask.ts'

const alloc = thing('alloc', { alloc: 'a1', node: 'n1', nodeName: 'c1' })
const data = '{{ range nomadService "orders" }}{{ .Address }}:{{ .Port }}{{ end }}'

describe('which file of a template is read', () => {
  test.each([
    ['local/peers', 'loop/local/peers'],
    ['${NOMAD_TASK_DIR}/a/peers', 'loop/local/a/peers'],
    ['/local/peers', 'loop/local/peers'],
    ['${NOMAD_ALLOC_DIR}/data/peers', 'alloc/data/peers'],
    ['../alloc/peers', 'alloc/peers'],
    ['secrets/peers', null],
    ['${NOMAD_SECRETS_DIR}/peers', null],
    ['local/secrets/peers', null],
    ['local/../secrets/peers', null],
    ['../other/local/peers', null],
    ['local/${node.unique.name}', null],
    ['peers', null],
  ])('%s', (destination, path) => {
    expect(renderedPath('loop', { data, destination })).toBe(path)
  })
  test.each([
    '{{ with secret "kv/db" }}{{ .Data.pass }}{{ end }}',
    `{{ with nomadVar "nomad/jobs/x" }}{{ .pass }}{{ end }}${data}`,
    '{{ key "db/pass" }}',
    'password = "x"',
  ])('none that takes a value from elsewhere, or asks for no service: %s', (text) => {
    expect(renderedPath('loop', { data: text, destination: 'local/peers' })).toBeNull()
  })
})

describe('the files that templates wrote', () => {
  const probe = nomadProbes.find(({ id }) => id === 'rendered-files')
  const read = async (body: string, status = 200) => {
    const asked: Request[] = []
    const ask = async (request: Request): Promise<Reply> => {
      asked.push(request)
      return { at: '2026-01-01T00:00:00Z', ms: 1, status, body }
    }
    const template = { destination: 'local/peers', data, source: '', env: false, changeMode: 'restart' }
    const loop = task({ name: 'loop', templates: [template, { ...template, env: true, destination: 'local/env' }] })
    const given = {
      'alloc.record': { id: 'a1', tasks: [{ name: 'loop', state: 'running' }] },
      'group.spec': group({ tasks: [loop] }),
    }
    const found = probe?.parse(await probe.read(ask, alloc, given), alloc, given)['alloc.rendered']
    return { asked, found }
  }
  test('are read from their start, and no more than 64 KiB', async () => {
    const { asked, found } = await read('10.0.0.1:25000')
    expect(asked).toEqual([
      { via: 'nomad', path: '/v1/client/fs/readat/a1?path=loop/local/peers&offset=0&limit=65536' },
    ])
    expect(found).toMatchObject({ known: true, value: { loop: { 'local/peers': '10.0.0.1:25000' } } })
    expect((await read('x'.repeat(65_536))).found).toMatchObject({ known: false, why: 'unsupported' })
  })
  test('are not known where the token may not read them', async () => {
    expect((await read('Permission denied', 403)).found).toMatchObject({ known: false, why: 'denied' })
  })
})
