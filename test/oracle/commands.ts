import * as fc from 'fast-check'
import { words } from '../../src/packet/iptables-option.ts'
import { deviceCommands } from './device-commands.ts'
import { kernelMutations } from './kernel.ts'
import { match } from './nft-matches.ts'
import { pick } from './pick.ts'
import { ruleCommands } from './rule-commands.ts'
import { ruleMutations } from './rules.ts'
import type { Mutation } from './world.ts'

// Commands a person would type on a client, in every spelling that is claimed to be understood.

export type Command = readonly string[]

/** Splits as a shell does, quotes included. */
export const split = (line: string): Command => (words(line) ?? []).map(({ value }) => value)

export const listed: Readonly<Record<string, readonly string[]>> = { ...ruleCommands, ...deviceCommands }

/** What belongs to the namespace before each script: a table of nft's own. */
export const native = `table inet guard {
  chain forward { type filter hook forward priority 5; policy accept; ip saddr 192.0.2.77 drop; }
  chain input { type filter hook input priority 5; policy accept; tcp dport 9999 drop; }
  chain extra { ip saddr 192.0.2.78 drop; }
}
`

const fromRule = (one: Mutation): fc.Arbitrary<readonly Command[]> => {
  if (one.kind === 'setting') return fc.constant([['sysctl', '-w', `${one.key}=${one.value}`]])
  if (one.kind === 'ip')
    return fc.constant(
      [/^(neigh|xfrm) /.test(one.line) ? [] : ['ip', ...one.line.split(' ')]].filter(({ length }) => length > 0),
    )
  if (!('table' in one)) return fc.constant([])
  const program = [one.family === 4 ? 'iptables' : 'ip6tables', '-t', one.table]
  if (one.kind === 'policy') return fc.constant([[...program, '-P', one.chain, one.policy]])
  if (one.kind === 'chain')
    return fc.constant([
      [...program, '-N', one.chain],
      ...one.rules.map((rule) => [...program, '-A', one.chain, ...split(rule)]),
    ])
  if (one.kind !== 'rule') return fc.constant([])
  const spec = split(one.rule)
  // As a person types it: the module of a protocol is implied, the default answer not named.
  const typed = spec.filter(
    (word, i) =>
      !(word === '-m' && /^(tcp|udp)$/.test(spec[i + 1] ?? '')) && !(spec[i - 1] === '-m' && /^(tcp|udp)$/.test(word)),
  )
  return fc
    .record({
      at: fc.integer({ min: 1, max: 4 }),
      how: pick('-A', '-I', 'at', '-R'),
      as: pick(spec, typed),
      gone: fc.boolean(),
    })
    .map(({ at, how, as, gone }) => [
      how === 'at'
        ? [...program, '-I', one.chain, String(at), ...as]
        : how === '-R'
          ? [...program, '-R', one.chain, String(at), ...as]
          : [...program, how, one.chain, ...as],
      ...(gone ? [[...program, '-D', one.chain, ...typed]] : []),
    ])
}

const nft: fc.Arbitrary<readonly Command[]> = fc
  .tuple(
    pick('add', 'insert'),
    pick(['forward', 'forward'], ['input', 'input']),
    fc.nat(2).chain((n) => fc.array(match('inet', 'forward'), { minLength: n, maxLength: n })),
    pick('accept', 'drop', 'reject', 'return', 'jump extra', 'counter drop'),
  )
  .map(([verb, [chain], list, end]) => [
    [
      'nft',
      verb,
      'rule',
      'inet',
      'guard',
      chain!,
      ...list.slice(0, 1).join(' ').split(' ').filter(Boolean),
      ...end.split(' '),
    ],
  ])

/** Commands of all kinds on the host, made as the rules and changes of the other cases are. */
export const generated: fc.Arbitrary<readonly Command[]> = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: ruleMutations(2, false).chain((list) => fc.tuple(...list.map(fromRule)).map((all) => all.flat())),
      },
      {
        weight: 4,
        arbitrary: kernelMutations.chain((list) =>
          fc.tuple(...list.filter((one) => 'ns' in one && one.ns === 'host').map(fromRule)).map((all) => all.flat()),
        ),
      },
      { weight: 2, arbitrary: nft },
    ),
    { minLength: 12, maxLength: 12 },
  )
  .map((list) => list.flat())
