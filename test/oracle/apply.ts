import { namespaceFrom } from '../../src/packet/walk/index.ts'
import type { NamespaceState, Topology } from '../../src/packet/walk/index.ts'
import type { Agent, Run } from './agent.ts'
import { remake } from './remake.ts'
import { refill } from './set-changes.ts'
import { settled } from './settled.ts'
import { hasIpset, joins, names } from './site.ts'
import type { Site } from './build-site.ts'
import type { Name } from './site.ts'
import { noTables, restoreText } from './tables.ts'
import type { Tables } from './tables.ts'
import { desired } from './world.ts'
import type { Backend, Desired, World } from './world.ts'

type Replies = Readonly<Record<string, string>>

const sysctl = ['sysctl', '-a', '-r', String.raw`^net\.(ipv4|ipv6|bridge|netfilter)`]
export const reads = {
  net: [
    'ip -j -d addr show',
    'ip -j -4 route show table all',
    'ip -j -6 route show table all',
    'ip -j rule show',
    'ip -j -6 rule show',
    'ip -j neigh show',
    'bridge -j -d link show',
    'bridge -j fdb show',
    'ip xfrm policy',
  ],
  rules: ['iptables-save -c', 'ip6tables-save -c', 'nft -j list ruleset', ...(hasIpset ? ['ipset save'] : [])],
  legacy: ['iptables-legacy-save -c', 'ip6tables-legacy-save -c'],
  // Without the names of programs, which cost a look through all of /proc.
  sockets: ['ss -H -ltne', 'ss -H -lune'],
} as const
const connections = 'conntrack -L -o extended'
type Group = keyof typeof reads | 'settings'

const tracked = ({ conntrack }: Desired): readonly Run[] => conntrack.map((argv) => ({ argv: ['conntrack', ...argv] }))

/** One namespace as it was last made and read. */
interface Held {
  readonly keys: Map<string, string>
  readonly stale: Set<Group>
  replies: Replies
  errors: Replies
  state?: NamespaceState
}

/** Brings a site to what a world wants and reads it back with the commands the product uses. */
export class Stage {
  readonly site: Site
  readonly backend: Backend
  readonly #held = new Map<Name, Held>()
  /** What the kernel refused to be made: rules that no table takes are the generator's mistake. */
  readonly refused: string[] = []

  constructor(site: Site, backend: Backend) {
    this.site = site
    this.backend = backend
  }

  async make(world: World): Promise<Topology> {
    const wanted = desired(world, this.site.made)
    const moved = await Promise.all(names.map((name) => this.#make(name, wanted[name])))
    // A device that goes down takes the carrier of its other end.
    if (moved.includes(true)) {
      await Promise.all(
        names.map(async (name) => {
          const links = await settled(this.site.agents[name])
          const held = this.#hold(name)
          if (held.keys.get('links') !== links) held.stale.add('net')
          held.keys.set('links', links)
        }),
      )
    }
    const made = await Promise.all(names.map(async (name) => [name, await this.#read(name, wanted[name])] as const))
    return { namespaces: Object.fromEntries(made), joins }
  }

  /** Before every round of packets: no connections but those that are wanted, no neighbours, nothing seen. */
  async forget(world: World): Promise<void> {
    const wanted = desired(world, this.site.made)
    await Promise.all(
      names.map(async (name) => {
        const agent = this.site.agents[name]
        await agent.flush()
        await agent.run([...refill(wanted[name]), ...tracked(wanted[name])])
      }),
    )
  }

  #hold(name: Name): Held {
    const held = this.#held.get(name) ?? { keys: new Map(), stale: new Set(), replies: {}, errors: {} }
    this.#held.set(name, held)
    return held
  }

  /** True when devices changed. */
  async #make(name: Name, wanted: Desired): Promise<boolean> {
    const agent = this.site.agents[name]
    const held = this.#hold(name)
    const fresh = (key: string, value: unknown): boolean => {
      const text = JSON.stringify(value) ?? ''
      if (held.keys.get(key) === text) return false
      held.keys.set(key, text)
      return true
    }
    const before = held.keys.get('net')
    const net = fresh('net', wanted.ip)
    if (net) await remake(agent, name, wanted.ip, this.site.macs)
    if (net) held.stale.add('net')
    if (fresh('settings', wanted.settings)) {
      await agent.set(wanted.settings)
      held.stale.add('settings')
    }
    if (await this.#rules(agent, wanted, held, fresh)) held.stale.add('rules').add('legacy')
    const filled = refill(wanted)
    // What rules left in the sets of the world before is gone.
    if (filled.length > 0 || held.keys.get('filled') === 'true') held.stale.add('rules')
    held.keys.set('filled', String(filled.length > 0))
    for (const { code, err } of await agent.run(filled)) if (code !== 0) this.refused.push(err)
    if (fresh('listeners', wanted.listeners) || net) {
      await agent.listen([])
      await agent.listen(wanted.listeners)
      held.stale.add('sockets')
    }
    return net && (before === undefined || before.includes('link ') || wanted.ip.some((line) => line.includes('link ')))
  }

  /** True when rules changed. */
  async #rules(
    agent: Agent,
    { tables, others, nft }: Desired,
    held: Held,
    fresh: (key: string, value: unknown) => boolean,
  ): Promise<boolean> {
    const native = held.keys.get('nft')
    const list: Run[] = []
    // CNI's plugins wrote to the backend of `iptables`; here their rules are in the other one.
    if (native === undefined) list.push({ argv: ['nft', '-f', '-'], stdin: 'flush ruleset\n' })
    // Tables of nft's own go all at once, and those of iptables-nft with them.
    if (fresh('nft', nft) && native !== undefined && native !== '""') {
      list.push({ argv: ['nft', '-f', '-'], stdin: 'flush ruleset\n' })
      held.keys.delete('4')
      held.keys.delete('6')
    }
    const flushed = list.length > 0
    for (const family of [4, 6] as const) {
      const [mine, other] = [tables[family], others[family]]
      const before = held.keys.get(String(family))
      if (!fresh(String(family), [mine, other]) || (before === undefined && !flushed && !mine && !other)) continue
      const restore = (variant: string, rules: Tables | undefined): void =>
        void list.push({
          argv: [`${family === 4 ? 'iptables' : 'ip6tables'}${variant}-restore`],
          stdin: restoreText(rules ?? noTables),
        })
      const [legacy, modern] = this.backend === 'legacy' ? [mine, other] : [other, mine]
      const [hadLegacy, hadModern] = [`legacy${family}`, `modern${family}`].map((key) => held.keys.has(key))
      if (legacy || hadLegacy) restore('-legacy', legacy)
      if (modern || (hadModern && !flushed)) restore('', modern)
      if (legacy) held.keys.set(`legacy${family}`, '')
      if (modern) held.keys.set(`modern${family}`, '')
    }
    if (nft && (native !== JSON.stringify(nft) || flushed)) list.push({ argv: ['nft', '-f', '-'], stdin: nft })
    for (const [index, { code, err }] of (await agent.run(list)).entries())
      if (code !== 0) this.refused.push(`${list[index]?.argv.join(' ')}: ${err}\n${list[index]?.stdin}`)
    return list.length > 0 || held.replies['iptables-save -c'] === undefined
  }

  async #read(name: Name, wanted: Desired): Promise<NamespaceState> {
    const agent = this.site.agents[name]
    const held = this.#hold(name)
    const { stale } = held
    const list: string[][] = []
    const add = (commands: readonly string[]): void => void list.push(...commands.map((one) => one.split(' ')))
    if (stale.has('net')) add(reads.net)
    // All of them once; then those that may have changed.
    const all = sysctl.join(' ')
    const some = held.replies[all] === undefined ? undefined : ['sysctl', ...wanted.settings.map(([key]) => key)]
    if (stale.has('settings')) list.push(some ?? [...sysctl])
    if (stale.has('rules')) add(reads.rules)
    if (stale.has('legacy') && this.backend === 'legacy') add(reads.legacy)
    if (stale.has('sockets')) add(reads.sockets)
    stale.clear()
    const { [connections]: before, ...replies } = held.replies
    if (wanted.conntrack.length > 0) {
      await agent.flush()
      for (const { code, err } of await agent.run(tracked(wanted))) if (code !== 0) this.refused.push(err)
      list.push(connections.split(' '))
    }
    if (list.length === 0 && held.state && before === undefined) return held.state
    const errors = { ...held.errors }
    const fresh: Record<string, string> = {}
    for (const [index, { code, out, err }] of (await agent.run(list.map((argv) => ({ argv })))).entries()) {
      const key = list[index]?.join(' ') ?? ''
      if (code !== 0 && !key.startsWith('sysctl')) throw new Error(`${name}: ${key}: ${err}`)
      if (list[index] === some) fresh[all] = merged(held.replies[all] ?? '', out)
      else fresh[key] = out
      errors[key] = err
    }
    held.replies = { ...replies, ...fresh }
    held.errors = errors
    held.state = namespaceFrom(held.replies, held.errors)
    return held.state
  }
}

/** The lines of `before` with the values of `now`. */
function merged(before: string, now: string): string {
  const values = new Map(now.split('\n').map((line) => [line.split(' = ')[0], line]))
  return before
    .split('\n')
    .map((line) => values.get(line.split(' = ')[0]) ?? line)
    .join('\n')
}
