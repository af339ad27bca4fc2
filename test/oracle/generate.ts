import * as fc from 'fast-check'
import { families } from './families.ts'
import { kernelMutations } from './kernel.ts'
import { nftMutations } from './nft.ts'
import { packets } from './packets.ts'
import { ruleMutations } from './rules.ts'
import { changesOfIptables, changesOfNft } from './set-changes.ts'
import { hasIpset } from './site.ts'
import type { Backend, Mutation, Packet, World } from './world.ts'

const docker: fc.Arbitrary<readonly Mutation[]> = fc.constantFrom(
  [{ kind: 'docker', version: 20 } as const],
  [{ kind: 'docker', version: 28 } as const],
  [
    { kind: 'docker', version: 20 } as const,
    { kind: 'policy', ns: 'host', family: 4, table: 'filter', chain: 'FORWARD', policy: 'DROP' } as const,
  ],
)

/** A world of this backend: how it differs from the healthy one, and the packets that are sent in it. */
export function worlds(backend: Backend): fc.Arbitrary<World> {
  const share6 = 2
  const one = fc.oneof(
    { weight: 18, arbitrary: backend === 'nft' ? nftMutations(share6) : ruleMutations(share6, false) },
    { weight: 18, arbitrary: kernelMutations },
    { weight: 3, arbitrary: docker },
    { weight: 6, arbitrary: families(backend === 'nft') },
    { weight: 1, arbitrary: backend === 'nft' || !hasIpset ? changesOfNft : changesOfIptables },
    ...(backend === 'iptables' ? [{ weight: 3, arbitrary: families(true) }] : []),
    ...(backend === 'iptables' ? [{ weight: 3, arbitrary: nftMutations(share6) }] : []),
    ...(backend === 'iptables' ? [{ weight: 1, arbitrary: changesOfNft }] : []),
    // The same packets meet the rules of both backends.
    ...(backend === 'legacy' ? [{ weight: 3, arbitrary: ruleMutations(share6, true) }] : []),
    ...(backend === 'nft' ? [{ weight: 3, arbitrary: ruleMutations(share6, false) }] : []),
  )
  return fc
    .record({
      cni: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      mutations: fc.array(one, { maxLength: 10, size: 'max' }).map((list) => list.flat()),
      packets: packets(share6),
    })
    .map((world) => ({ backend, ...world, mutations: onceEach(world.mutations) }))
    .map(withConnections)
}

/** Docker's rules are there once, and one connection. */
function onceEach(mutations: readonly Mutation[]): readonly Mutation[] {
  const first = (kind: Mutation['kind']): number => mutations.findIndex((one) => one.kind === kind)
  const single = ['docker', 'conntrack'] as const
  const known = new Set<string>()
  return mutations.filter((one, n) => {
    if (one.kind === 'nft') {
      // A table is written once.
      const table = `${one.ns} ${/^table (\S+ \S+)/.exec(one.text)?.[1]}`
      if (known.has(table)) return false
      known.add(table)
    }
    return single.every((kind) => one.kind !== kind || n === first(kind))
  })
}

/** A packet that belongs to the connection that is there already, or only nearly so. */
function withConnections(world: World): World {
  const known = world.mutations.find((one) => one.kind === 'conntrack')
  if (known?.kind !== 'conntrack') return world
  const value = (flag: string): string => known.argv[known.argv.indexOf(flag) + 1] ?? ''
  const from = ({ '10.99.0.3': 'client', '172.26.64.3': 'a2', '10.99.0.2': 'peer' } as const)[value('-s')] ?? 'client'
  const packet: Packet = {
    from,
    proto: value('-p') === 'udp' ? 'udp' : 'tcp',
    dst: '10.99.0.1',
    dport: Number(value('--dport')),
    port: 5555,
  }
  return { ...world, packets: [...world.packets, packet] }
}
