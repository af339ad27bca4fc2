import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An exact text, where its parts that vary are written `<name>`, `<number>`, ..., and the faults it may come from. */
export interface Text {
  readonly text: string
  readonly faults: readonly string[]
}

export const texts: readonly Text[] = readFileSync(join(import.meta.dirname, 'texts.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [text = '', faults = ''] = line.split('\t')
    return { text, faults: faults.split(' ') }
  })

type Dice = (below: number) => number

/** Numbers that look random and are the same in every run (mulberry32). */
export function dice(seed: number): Dice {
  let state = seed
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const pick = <T>(roll: Dice, from: readonly T[]): T => from[roll(from.length)] as T

const words =
  'orders web api checkout payments db redis cache ingress worker batch edge queue shop billing search'.split(' ')
const hex = (roll: Dice, digits: number): string => Array.from({ length: digits }, () => roll(16).toString(16)).join('')
const uuid = (roll: Dice): string => [8, 4, 4, 4, 12].map((digits) => hex(roll, digits)).join('-')
const name = (roll: Dice): string =>
  pick(roll, [
    () => pick(roll, words),
    () => `${pick(roll, words)}-${pick(roll, words)}`,
    () => `${pick(roll, words)}_${roll(100)}`,
    () => hex(roll, 12),
    () => uuid(roll),
  ])()
const ip = (roll: Dice): string => [10, roll(256), roll(256), 1 + roll(254)].join('.')
const path = (roll: Dice): string => `/${pick(roll, ['opt', 'srv', 'var/lib'])}/${pick(roll, words)}/${name(roll)}`

const fillers: Readonly<Record<string, (roll: Dice) => string>> = {
  name,
  word: (roll) => pick(roll, ['group', 'web']),
  plugin: (roll) => pick(roll, ['bridge', 'firewall', 'host-local', 'loopback', 'portmap']),
  number: (roll) => String(1 + roll(65_000)),
  ip,
  cidr: (roll) => `${ip(roll)}/${20 + roll(12)}`,
  mac: (roll) => Array.from({ length: 6 }, () => hex(roll, 2)).join(':'),
  device: (roll) => pick(roll, [`veth${hex(roll, 8)}`, `ens${roll(200)}`, `eth${roll(9)}`]),
  path,
  rest: (roll) => pick(roll, [path(roll), `${name(roll)}:${roll(65_000)}`, `"${name(roll)}"`, uuid(roll)]),
}

/** A text as it is met: whatever varies in it has some value. */
export const filled = (text: string, roll: Dice): string =>
  text.replaceAll(/<([a-z]+)>/g, (whole, kind: string) => fillers[kind]?.(roll) ?? whole)

const time = (roll: Dice): string =>
  `2026-${1 + roll(9)}-${10 + roll(18)}T${10 + roll(14)}:${10 + roll(50)}:${10 + roll(50)}.${100 + roll(900)}Z`

/** Lines break where a terminal or a chat broke them. */
function wrapped(text: string, width: number): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\n    ')
}

const decorations: readonly ((text: string, roll: Dice) => string)[] = [
  (text) => text,
  (text, roll) =>
    `    ${time(roll)} [ERROR] client.alloc_runner.task_runner: prestart failed: alloc_id=${uuid(roll)} task=${name(roll)} error="${text}"`,
  (text, roll) =>
    JSON.stringify({
      '@level': 'error',
      '@message': 'failed',
      '@module': 'client',
      '@timestamp': time(roll),
      alloc_id: uuid(roll),
      error: text,
    }),
  (text, roll) => `${time(roll)}  Setup Failure  ${text}`,
  (text, roll) =>
    `Recent Events:\nTime   Type   Description\n${time(roll)}  Driver Failure  ${wrapped(text, 60)}\n${time(roll)}  Received  Task received by client`,
  (text) => `    * ${wrapped(text, 40)}`,
  (text, roll) => `time="${time(roll)}" level=error msg=${JSON.stringify(text)} container=${hex(roll, 12)}`,
  (text, roll) => `Nov 29 08:${10 + roll(50)}:02 ip-${ip(roll).replaceAll('.', '-')} nomad[${roll(9999)}]: ${text}`,
  (text, roll) => `\u001B[31m${time(roll)} [WARN]  client: ${text}\u001B[0m\r\n`,
  (text, roll) => `1 error occurred:\n\t* ${text}\n\nfor ${name(roll)} in region global`,
]

/** A text as people paste it: with values, and with what a log, a table or a terminal puts around it. */
export function pasted({ text }: Text, roll: Dice): string {
  return pick(roll, decorations)(filled(text, roll), roll)
}
