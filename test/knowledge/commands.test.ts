import { expect, test } from 'vitest'
import { judge } from '../../src/engine/judge.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
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
