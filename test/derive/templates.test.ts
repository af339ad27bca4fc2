import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { job, record, task, template } from '../../src/knowledge/samples.ts'
import type { TaskEvent, TaskState } from '../../src/knowledge/shapes/runtime.ts'
import { envError, moves, serviceCalls, variablesOf } from '../../src/knowledge/templates.ts'
import { worldOf } from '../world.ts'

describe('the text of a template', () => {
  test.each<[string, string, string | undefined]>([
    ['a literal name', 'A=1\nB="two words"\n\n# a comment', undefined],
    ['export in front', 'export A=1', undefined],
    ['a dash in the name', 'A-B=1', "key characters must be [A-Za-z0-9/_.] but found '-'"],
    [
      'a dash after an action',
      '{{ .Name | toUpper }}-ADDR={{ .Address }}',
      "key characters must be [A-Za-z0-9/_.] but found '-'",
    ],
    ['a name from an action alone', '{{ .Name }}={{ .Address }}', undefined],
    ['a quoted value with a line break', 'A = "\n b\n"', 'unmatched "'],
    ['an apostrophe', "A=it's", "unmatched '"],
    ['an apostrophe in quotes and one in a comment', `A="it's" # isn't`, undefined],
    ['an action in quotes', 'A="{{ key "a" }}"', undefined],
    ['what an action may close', `A='{{ key "a" }}`, undefined],
    ['a tab before a comment', 'A=1\t# one', '0x09 is an invalid value character'],
    ['a path of Windows in quotes', String.raw`A="C:\dir"`, 'invalid escape sequence: "d"'],
    ['a path of Windows without quotes', String.raw`A=C:\dir`, undefined],
    ['a line break written out', String.raw`A="a\n\u00e4\\"`, undefined],
    ['a digit in front', '1A=1', "key must start with [A-Za-z_] but found '1'"],
    ['no name', '=1', 'empty key'],
    ['a line that is all action', '{{ key "env/web" }}', undefined],
    ['YAML', 'port: 53', 'missing ='],
    ['actions that take their line away', 'A=1\n{{- range services }}\nB=2\n{{- end }}\n', undefined],
    ['a comment that holds an action', '{{- /* use {{ key }} here */ -}}\nX=1', undefined],
    ['a comment in a line', 'X=1{{/* {{ a-b = }} */}}', undefined],
    ['an action over several lines', '{{ with\n  key "a" }}A={{ . }}{{ end }}', undefined],
  ])('%s: can it be read as variables?', (_, data, why) => {
    expect(envError(data)?.why).toBe(why)
  })

  test('names the variables it sets', () => {
    expect(
      variablesOf('{{- range service "a" }}\nADDR={{ .Address }}\nexport PORT = {{ .Port }}\n{{- end }}\nADDR=2'),
    ).toEqual(['ADDR', 'PORT'])
  })

  test('names the services it asks for', () => {
    const data =
      '{{ range nomadService 1 (env "NOMAD_ALLOC_ID") "v1.db" }}{{ end }}{{ with service "web@dc2" "any" }}{{ end }}{{/* service "old" */}}{{ key "service/x" }}'
    expect(serviceCalls(data)).toEqual([
      { fn: 'nomadService', name: 'v1.db', chooses: true },
      { fn: 'service', name: 'web@dc2', chooses: false },
    ])
  })

  test.each<[string, boolean]>([
    ['A={{ key "web/a" }}', true],
    ['{{ range nomadServices }}A=1{{ end }}', true],
    ['A={{ env "service" }}', false],
    ['A=1', false],
  ])('%s: may it come out differently?', (data, expected) => {
    expect(moves(data)).toBe(expected)
  })
})

const events = (...all: readonly (readonly [string, string])[]): readonly TaskEvent[] =>
  all.map(([type, text], time) => ({ type, text, time }))
const state = (changed: Partial<TaskState>): TaskState => ({
  name: 'server',
  state: 'pending',
  failed: false,
  restarts: 0,
  events: [],
  ...changed,
})

function derived(key: string, kind: 'alloc' | 'task', given: Readonly<Record<string, unknown>>): unknown {
  const { world, thing } = worldOf(kind, given)
  const held = derive(world, derivations).facts.get(thing.id)?.get(key)
  return held?.known ? held.value : 'unknown'
}
const killed = 'Template failed: nomad.service(orders): Unexpected response code: 403 (Permission denied)'

describe('a template that waits for Consul', () => {
  const trouble = (text: string) => [{ task: 'server', kind: 'waiting', on: ['health.service(orders|passing)'], text }]
  const missing = 'Missing: health.service(orders|passing)'
  test.each<[string, boolean, boolean | undefined, string, unknown]>([
    ['the client has none', false, undefined, missing, { why: 'none' }],
    ['it stopped, and the attributes stayed', true, false, missing, { why: 'silent' }],
    ['it answers', true, true, missing, null],
    ['nobody could ask it', true, undefined, missing, 'unknown'],
    [
      'the template says it',
      true,
      undefined,
      'dial tcp 127.0.0.1:8500: connect: connection refused',
      { why: 'refused' },
    ],
  ])('%s', (_, fingerprinted, answers, text, expected) => {
    const found = derived('alloc.template-consul', 'alloc', {
      'alloc.template-trouble': trouble(text),
      'node.consul.fingerprinted': fingerprinted,
      'cluster.services': [],
      ...(answers === undefined ? {} : { 'node.consul.answers': answers }),
    })
    if (typeof expected === 'object' && expected !== null) expect(found).toMatchObject(expected)
    else expect(found).toBe(expected)
  })

  const row = { name: 'store-backend', namespace: 'default', tags: [] }
  test.each<[string, readonly unknown[], readonly string[]]>([
    ['under the same name', [row], ['store-backend']],
    ['in another namespace alone', [{ ...row, namespace: 'billing' }], []],
  ])('the native catalogue has it: %s', (_, listed, native) => {
    const found = derived('alloc.template-consul', 'alloc', {
      'alloc.template-trouble': [
        { task: 'c', kind: 'waiting', on: ['health.service(store-backend|passing)'], text: '' },
      ],
      'node.consul.fingerprinted': false,
      'cluster.services': listed,
    })
    expect((found as { native?: unknown }).native).toEqual(native)
  })
})

describe('templates that keep a task from running', () => {
  test.each<[string, TaskState, string, readonly string[]]>([
    [
      'data is missing',
      state({ events: events(['Template', 'Missing: kv.block(a), health.service(b|passing), and 3 more']) }),
      'waiting',
      ['kv.block(a)', 'health.service(b|passing)'],
    ],
    [
      'it has been missing since before healthy_deadline',
      state({
        events: events(
          ['Received', 'Task received by client'],
          ['Task Setup', 'Building Task Directory'],
          ['Template', 'Missing: nomad.var.block(nomad/jobs/f-tmiss@default.global)'],
          ['Alloc Unhealthy', 'Task not running by healthy_deadline of 5m0s'],
        ),
      }),
      'waiting',
      ['nomad.var.block(nomad/jobs/f-tmiss@default.global)'],
    ],
    [
      'it was missing before the client fetched the image',
      state({
        events: events(
          ['Template', 'Missing: kv.block(a)'],
          ['Alloc Unhealthy', 'Task not running by healthy_deadline of 5m0s'],
          ['Driver', 'Downloading image'],
        ),
      }),
      'rendered',
      [],
    ],
    [
      'it was missing once',
      state({ state: 'running', events: events(['Template', 'Missing: kv.block(a)'], ['Started', '']) }),
      'rendered',
      [],
    ],
    [
      'it was killed for it',
      state({ state: 'dead', failed: true, events: events(['Killing', killed], ['Killed', '']) }),
      'failed',
      ['nomad.service(orders)'],
    ],
    [
      'it failed once and runs now',
      state({ state: 'running', events: events(['Killing', killed], ['Started', '']) }),
      'rendered',
      [],
    ],
  ])('%s', (_, one, word, on) => {
    const given = { 'alloc.record': record('a1', { tasks: [one] }) }
    expect(derived('alloc.templates', 'alloc', given)).toBe(word)
    const trouble = derived('alloc.template-trouble', 'alloc', given) as readonly { on: readonly string[] }[]
    expect(trouble.flatMap((found) => found.on)).toEqual(on)
  })
})

describe('task.env-file-error', () => {
  const unread =
    'Template failed to read environment variables: error parsing env template "x": error on line 1: missing ='
  const said = [record('a1', { tasks: [state({ state: 'dead', events: events(['Killing', unread]) })] })]
  const file = task({ templates: [template('{{ key "env/web" }}')] })
  const waiting = { 'job.spec': job(), 'group.current': [record('a1', { tasks: [state({ name: 'server' })] })] }
  const begun = record('a1', {
    tasks: [state({ name: 'server', events: events(['Started', 'Task started by client']) })],
  })
  const trimmed = state({ name: 'server', state: 'running', events: events(['Signaling', 'Template re-rendered']) })
  const running = {
    'job.spec': job({ version: begun.jobVersion }),
    'group.current': [record('a1', { tasks: [trimmed] })],
  }
  const started = { 'job.spec': job({ version: begun.jobVersion }), 'group.current': [begun] }
  test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    [
      'its own text shows it',
      { 'task.spec': task({ templates: [template('a b')] }), ...waiting },
      'local/orders.env: missing = in "a b"',
    ],
    [
      'its own text shows it, and it has started all the same',
      { 'task.spec': task({ templates: [template('a b')] }), ...started },
      null,
    ],
    [
      'its own text shows it, and it runs, whose start is no longer among its events',
      { 'task.spec': task({ templates: [template('a b')] }), ...running },
      null,
    ],
    [
      'its own text shows it, and nobody knows whether it has started',
      { 'task.spec': task({ templates: [template('a b')] }) },
      'unknown',
    ],
    ['no such template', { 'task.spec': task() }, null],
    ['a job file alone does not tell what will come out', { 'task.spec': file }, 'unknown'],
    [
      'the client says so',
      { 'task.spec': file, 'group.current': said },
      'error parsing env template "x": error on line 1: missing =',
    ],
    ['the client says nothing', { 'task.spec': file, 'group.current': [record('a1')] }, null],
  ])('%s', (_, given, expected) => {
    expect(derived('task.env-file-error', 'task', given)).toBe(expected)
  })
})
