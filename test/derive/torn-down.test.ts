import { expect, test } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// The network of an allocation that ends goes while it still counts as running: that is no fault of its network.

const of = (id: string) => recordings.find((one) => one.id === id)!
const changed =
  (change: (request: Request, body: string) => string) =>
  (ask: Ask): Ask =>
  async (request: Request): Promise<Reply> => {
    const reply = await ask(request)
    return reply.status === 0 || 'path' in request ? { ...reply, body: change(request, reply.body) } : reply
  }
const told = async (id: string, change?: (ask: Ask) => Ask) => {
  const { report } = await diagnosed(of(id), change)
  return { present: report.findings.map((one) => one.id), open: report.unknown.map((one) => one.id) }
}
const stopping = changed((_, body) => body.replace(/"DesiredStatus":\s*"run"/g, '"DesiredStatus":"stop"'))

test.each(['alloc-default-route-missing', 'alloc-eth0-missing', 'veth-down', 'veth-detached'])(
  '%s: not where the allocation is being stopped',
  async (id) => {
    expect((await told(id)).present).toContain(id)
    expect((await told(id, stopping)).present).not.toContain(id)
  },
)

test('routes that are gone with an interface that was seen before are of two moments', async () => {
  const gone = changed((request, body) =>
    'argv' in request && request.via === 'netns' && request.argv.join(' ').startsWith('ip -j -4 route') ? '[]' : body,
  )
  const { present, open } = await told('alloc-default-route-missing-repaired', gone)
  expect(present).not.toContain('alloc-default-route-missing')
  expect(open).toContain('alloc-default-route-missing')
})
