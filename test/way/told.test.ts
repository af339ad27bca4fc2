import { expect, test } from 'vitest'
import type { Machine } from '../packet/walk/machine.ts'
import type { WaySection } from '../../src/way/sections.ts'
import { toldWalk } from '../../src/way/told.ts'
import { nomadRules, twoClients } from './site.ts'
import { called } from './walks.ts'

const drop: Partial<Machine> = {
  iptables: { filter: [':FORWARD DROP'], nat: nomadRules('172.26.64.9', 25000, 8080)['nat'] ?? [] },
}
const worlds = {
  'all is well': twoClients(),
  'the target client forwards nothing': twoClients({ c2: drop }),
  'nothing listens': twoClients({ api: { listen: [] } }),
  'no port mapping': twoClients({ c2: { iptables: {} } }),
  'no default route': twoClients({ web: { routes: [] } }),
  'the answer finds no way': twoClients({ api: { routes: [] } }),
  'an unknown match': twoClients({ c2: { iptables: { filter: ['INPUT -m fancy --thing -j DROP'] } } }),
  'by chance': twoClients({
    c2: { iptables: { filter: ['INPUT -m statistic --mode random --probability 0.5 -j DROP'] } },
  }),
}

const said = (sections: readonly WaySection[]): string[] =>
  sections.flatMap(({ title, link, steps }) => [
    ...(link === null ? [] : [`~ ${link}`]),
    title,
    ...steps.map((step) => `  ${step.title} ${step.says}${step.rule === '' ? '' : ` | ${step.rule}`}`),
  ])

test('a way through two clients: sections, links, rewrites, what was passed', () => {
  const { ways, sentence } = toldWalk(called(worlds['all is well']))
  expect(said(ways[0]?.there ?? [])).toEqual([
    'allocation web on c1',
    '  out by eth0',
    '~ bridge nomad on c1',
    'client c1',
    '  in by veth1, a port of bridge nomad',
    '  passes 1 rule | nat PREROUTING policy',
    '  out by eth0',
    '  let through 3 rules | filter CNI-FORWARD rule 3',
    '  MASQUERADE source 172.26.64.7 becomes 10.0.0.1 | nat CNI-a1 rule 2',
    '~ wire c1 to c2',
    'client c2',
    '  in by eth0',
    '  DNAT target 10.0.0.2:25000 becomes 172.26.64.9:8080 | nat CNI-DN-a1 rule 2',
    '  out by nomad',
    '  let through 5 rules | filter NOMAD-ADMIN rule 1',
    '~ bridge nomad on c2',
    'allocation api on c2',
    '  in by eth0',
    '  delivered a program takes it on *:8080, from 10.0.0.1',
  ])
  expect(said(ways[0]?.back ?? []).filter((line) => /NAT|answered/.test(line))).toEqual([
    '  NAT undone source 172.26.64.9:8080 becomes 10.0.0.2:25000',
    '  NAT undone target 10.0.0.1 becomes 172.26.64.7',
    '  answered the caller gets the answer from 10.0.0.2:25000',
  ])
  expect(sentence).toBe('The packet arrives, and the answer comes back')
})

test.each<[world: keyof typeof worlds, place: string, rule: string, sentence: RegExp]>([
  [
    'the target client forwards nothing',
    'client c2',
    'filter FORWARD policy',
    /^The packet ends at client c2: dropped by filter FORWARD policy, .*waits until it gives up$/,
  ],
  [
    'nothing listens',
    'allocation api on c2',
    '',
    /refused, nothing listens on 172.26.64.9:8080 here; the caller is refused at once$/,
  ],
  [
    'no port mapping',
    'client c2',
    '',
    /^The packet ends at client c2: refused, nothing listens on 10.0.0.2:25000 here/,
  ],
  ['no default route', 'allocation web on c1', '', /no way, there is no route/],
  ['the answer finds no way', 'allocation api on c2', '', /^The answer ends at allocation api on c2: no way/],
  ['an unknown match', 'client c2', 'filter INPUT rule 1', /what becomes of it there is not known: .*fancy/],
])('where it ends when %s', (world, place, rule, sentence) => {
  const told = toldWalk(called(worlds[world]))
  expect(told.ways).toHaveLength(1)
  const { end } = told.ways[0] ?? {}
  expect([end?.place, end?.step.rule]).toEqual([place, rule])
  expect(told.sentence).toMatch(sentence)
})

test('by chance: several ways, each with the rule that decides', () => {
  const { ways, sentence } = toldWalk(called(worlds['by chance']))
  expect(ways.map(({ chances, outcome }) => [outcome, chances.map((one) => one.split(':')[0])])).toEqual([
    ['silent', ['when filter INPUT rule 1 matches']],
    ['refused', ['unless filter INPUT rule 1 matches']],
  ])
  expect(sentence).toMatch(
    /^It depends on chance, there are 2 ways: the packet ends at .*; or the packet ends at .*: refused/,
  )
})

test('what is no chance is not called one', () => {
  const walk = called(worlds['by chance'])
  const where = (text: string) =>
    walk.traces.map((one) => ({
      ...one,
      chances: one.chances.map((chance) => ({ ...chance, where: { ...chance.where, text } })),
    }))
  const unread = { ...walk, traces: where('-A INPUT -m bpf --bytecode "1,6 0 0 0" -j DROP') }
  expect(toldWalk(unread).sentence).toMatch(
    /^It depends on whether some rules match, which cannot be told here; there are 2 ways: /,
  )
  const alike = { ...unread, traces: [unread.traces[0]!, unread.traces[0]!] }
  expect(toldWalk(alike).sentence).toMatch(
    /^Whether some rules match cannot be told here; all 2 ways end alike: the packet ends at /,
  )
})

test('ways that end alike, and more ends than a sentence holds', () => {
  const walk = called(worlds['by chance'])
  const alike = { ...walk, traces: [walk.traces[0]!, walk.traces[0]!] }
  expect(toldWalk(alike).sentence).toMatch(/^Chance decides among 2 ways, which end alike: the packet ends at /)
  const [, refused] = walk.traces
  const many = [5000, 5001, 5002, 5003].map((dport) => ({ ...refused!, tuple: { ...refused!.tuple, dport } }))
  expect(toldWalk({ ...walk, traces: [walk.traces[0]!, ...many] }).sentence).toBe(
    'It depends on chance, there are 5 ways: the caller hears nothing and waits until it gives up; or the caller is refused at once',
  )
})

test.each(Object.entries(worlds))('no hop is lost and none told twice: %s', (_, world) => {
  const walked = called(world)
  const { ways } = toldWalk(walked)
  walked.traces.forEach((trace, i) => {
    const shown = (sections: readonly WaySection[] | null | undefined) =>
      (sections ?? []).flatMap(({ steps }) => steps.flatMap(({ hops }) => hops))
    expect(new Set(shown(ways[i]?.there))).toEqual(new Set(trace.hops))
    expect(shown(ways[i]?.there)).toHaveLength(trace.hops.length)
    expect(shown(ways[i]?.back)).toHaveLength(trace.back?.hops.length ?? 0)
    const ids = [...(ways[i]?.there ?? []), ...(ways[i]?.back ?? [])].flatMap(({ steps }) => steps.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
  })
})

test('whoever takes it in place of the target is named, and it does not arrive', () => {
  const nat = ['PREROUTING -p tcp -m tcp --dport 25000 -j REDIRECT --to-ports 4646']
  const walk = called(twoClients({ c2: { iptables: { nat }, listen: ['tcp *:4646 users:(("nomad",pid=7,fd=3))'] } }))
  expect(walk.outcome).toBe('answered')
  expect(toldWalk(walk).stray).toBeNull()
  const { stray, sentence } = toldWalk({ ...walk, meant: ['api', 'web'] })
  expect(stray).toBe('nomad on *:4646 of client c2 takes it')
  expect(sentence).toBe(`The packet does not come to the target: ${stray}`)
  expect(toldWalk({ ...called(twoClients()), meant: ['api', 'web'] }).stray).toBeNull()
})
