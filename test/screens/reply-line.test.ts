import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { spell } from '../../src/ask/request.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { gather, picture } from '../../src/run/loop.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { lineOf } from '../../src/screens/reply-line.ts'
import { openCase } from '../../src/sources/case.ts'

const sockets = [
  'LISTEN 0 4096 127.0.0.1:4646 0.0.0.0:* users:(("nomad",pid=1,fd=9))',
  'LISTEN 0 9    127.0.0.1:8080 0.0.0.0:* users:(("httpd",pid=7,fd=3))',
]

test('an excerpt is found where it stands, however the reply is spaced', () => {
  expect(lineOf(['{', '  "a": 1,', '  "Mode": "bridge"', '}'], '"Mode":"bridge"')).toBe(2)
  expect(lineOf(['a', 'b'], 'nothing of it')).toBe(-1)
})

test('an excerpt in its own words leads to the line that holds the rarest of them', () => {
  expect(lineOf(sockets, 'port http: 8080 is loopback')).toBe(1)
  const job = [
    '"Ports": [',
    '{',
    '"Label": "http",',
    '"To": 80',
    '},',
    '{',
    '"Label": "admin",',
    '"To": 9000',
    '}',
    ']',
  ]
  expect(lineOf(job, 'port "admin" { to = 9000 }')).toBeGreaterThan(5)
})

test.each(['wrong-to-port', 'app-binds-loopback-only', 'implicit-consul-provider', 'template-wrong-catalog'])(
  'each piece of evidence of %s opens a long reply at a line of it',
  async (id) => {
    const opened = await openCase(`cases/${id}`)
    if (!('ask' in opened)) throw new Error(opened.message)
    const bodies = new Map<string, string>()
    const ask: Ask = async (request) => {
      const reply = await opened.ask(request)
      bodies.set(spell(request), reply.body)
      return reply
    }
    const aim = { kind: 'path', subject: subjectOf(opened.info) } as const
    const { report } = picture(aim, await gather(aim, ask, new Map(), () => nothingTold), nothingTold)
    const evidence = report.findings[0]?.evidence ?? []
    expect(evidence.length).toBeGreaterThan(0)
    for (const { ask: asked, excerpt } of evidence) {
      const body = bodies.get(asked) ?? ''
      const text = /^\s*[[{]/.test(body) ? JSON.stringify(JSON.parse(body), null, 2).split('\n') : body.split('\n')
      // A reply that fits on a screen needs no line, and an empty one has none.
      if (text.length < 20) continue
      expect({ excerpt, line: lineOf(text, excerpt) }).not.toEqual({ excerpt, line: -1 })
    }
  },
)
