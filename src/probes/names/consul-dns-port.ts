import { look, probe, type Answer } from '../probe.ts'
import { all, digAnswered } from './lookup.ts'

interface Tried {
  readonly server: string
  readonly answer: Answer
}

/** Consul's own DNS port, 8600, at the task's name servers: asked only when none of them answers on 53. */
export const consulDnsPort = probe({
  id: 'consul-dns-port',
  about: 'path',
  title: "Asking the task's name servers on Consul's port 8600",
  provides: ['path.lookups.consul-port'],
  given: ['path.lookups.task', 'path.resolver', 'source.alloc.record'],
  cost: 'slow',
  read: (
    ask,
    _,
    { 'path.lookups.task': lookups, 'path.resolver': { servers }, 'source.alloc.record': { id, node } },
  ) => {
    const name = lookups.find(({ outcome }) => outcome === 'no-server')?.name
    if (name === undefined) return Promise.resolve([])
    return Promise.all(
      servers.map(async (server): Promise<Tried> => {
        const argv = ['dig', '+time=2', '+tries=1', `@${server}`, '-p', '8600', name]
        return { server, answer: await look(ask, { via: 'netns', node, alloc: id, argv }) }
      }),
    )
  },
  parse: (tried: readonly Tried[]) => {
    const found = all(
      'consul-dns-port',
      tried.map(({ server, answer }) => {
        const answered = digAnswered(answer)
        return { answer, value: answered === null ? null : { server, answered } }
      }),
      'a name server answers the task on port 53',
    )
    const value = found.known ? found.value.flatMap(({ server, answered }) => (answered ? [server] : [])) : []
    return { 'path.lookups.consul-port': found.known ? { ...found, value } : found }
  },
})
