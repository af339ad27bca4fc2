import { expect, test } from 'vitest'
import { judge } from '../../src/engine/judge.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { natFlushed } from '../../src/knowledge/faults/bridge/nat-flushed.ts'
import { rulesetFlushed } from '../../src/knowledge/faults/bridge/ruleset-flushed.ts'
import { allocCommand } from '../../src/knowledge/nomad-command.ts'
import { worldOf } from '../world.ts'

/** The same cluster with another bridge: its name, its network and the length of that. */
const moved = (text: string): string =>
  text
    .replaceAll('172.26.', '10.99.')
    .replaceAll('172.17.', '10.98.')
    .replaceAll(/(?<=\d)\/20\b/g, '/22')
    .replaceAll(/(?<![\w.-])nomad(?![\w.-])/g, 'br-jobs')
    .replaceAll('eth0', 'ens7')

const elsewhere = (given: unknown): unknown =>
  typeof given === 'string'
    ? moved(given)
    : Array.isArray(given)
      ? given.map(elsewhere)
      : typeof given === 'object' && given !== null
        ? Object.fromEntries(Object.entries(given).map(([key, value]) => [moved(key), elsewhere(value)]))
        : given

const programs = new Set(['iptables', 'iptables-legacy', 'ip6tables', 'nft', 'ip', 'bridge', 'firewall-cmd', 'sysctl'])
const usual = /172\.(26|17)\.|\/20$|(?<![\w.-])nomad(?![\w.-])|\beth0\b/

const cases = faultList.flatMap((fault) =>
  fault.examples
    .filter(({ then }) => then === 'present')
    .map(({ name, given }) => [`${fault.id}: ${name}`, fault, given] as const),
)

test.each(cases)(
  'a command names the devices and networks that were read, not the usual ones: %s',
  (_, fault, given) => {
    const { world, thing } = worldOf(fault.about, elsewhere(given) as typeof given)
    const verdict = judge(fault, thing, world)
    const steps = verdict.verdict === 'present' ? fault.fix(verdict.given) : []
    const words = steps.flatMap(({ run = [] }) => (programs.has(run[0] ?? '') ? run : []))
    expect(words.filter((word) => usual.test(word))).toEqual([])
  },
)

/** What nobody can have read: a file of the reader, a card that the plug-in's file names, a server as Consul knows it. */
const open = ['docker-ports-not-listed: <file>', 'macvlan-host-isolation: <card>', 'consul-wi-login-failed: <nomad>']

test('a command is whole: it asks the reader for nothing that was read', () => {
  const asked = cases.flatMap(([, fault, given]) => {
    const { world, thing } = worldOf(fault.about, given)
    const verdict = judge(fault, thing, world)
    const steps = verdict.verdict === 'present' ? fault.fix(verdict.given) : []
    return steps.flatMap(({ run = [] }) =>
      [...run.join(' ').matchAll(/<[^>]*>/g)].map(([word]) => `${fault.id}: ${word}`),
    )
  })
  expect([...new Set(asked)].toSorted()).toEqual(open.toSorted())
})

test('a client is drained by its whole id, and an allocation of another namespace is looked for there', () => {
  const id = '0f2f0a7c-8111-4bbe-520b-d639b1d2a94e'
  for (const one of [natFlushed, rulesetFlushed]) {
    const [step] = one.fix(one.examples[0]?.given as never)
    expect(step?.run).toEqual(['nomad', 'node', 'drain', '-enable', id])
  }
  expect(allocCommand('stop', { id, namespace: 'default' })).toEqual(['nomad', 'alloc', 'stop', id])
  expect(allocCommand('fs', { id, namespace: 'pay' }, [], 'alloc/logs')).toEqual([
    'nomad',
    'alloc',
    'fs',
    '-namespace=pay',
    id,
    'alloc/logs',
  ])
})

test('nor does a step have the name of a job filled in by the reader', () => {
  const asked = cases.flatMap(([, fault, given]) => {
    const { world, thing } = worldOf(fault.about, given)
    const verdict = judge(fault, thing, world)
    const steps = verdict.verdict === 'present' ? fault.fix(verdict.given) : []
    return steps.filter((step) => step.do.includes('<job>')).map((step) => `${fault.id}: ${step.do}`)
  })
  expect([...new Set(asked)]).toEqual([])
})
