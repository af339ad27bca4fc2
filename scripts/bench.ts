// `npm run bench [-- --rounds N] [--strict] [NAME]`: how long things take, most as ratios to starting Node and doing nothing.
// The items take turns, so that a busy machine disturbs all of them alike. The least of each counts, of the floor too:
// neighbours on the machine only ever add to it, and what takes longer meets more of them.
import { parseArgs } from 'node:util'
import type { Item } from './bench/item.ts'
import { items as interfaces } from './bench/interface.ts'
import { items as jobs } from './bench/jobs.ts'
import { items as packages } from './bench/package.ts'
import { items as packets } from './bench/packet.ts'
import { floor, items as processes } from './bench/process.ts'
import { items as thoughts } from './bench/thinking.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '21' }, strict: { type: 'boolean', default: false } },
})

// A new group of figures is one more file in bench/ and one more word here.
const all: readonly Item[] = [...processes, ...thoughts, ...packets, ...jobs, ...interfaces, ...packages]

const items = all.filter(({ name }) => positionals.every((word) => name.includes(word)))
const times = new Map<Item | 'floor', number[]>(['floor' as const, ...items].map((key) => [key, []]))
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const [item, taken] of times) {
    if (item !== 'floor' && item.most !== undefined && taken.length >= item.most) continue
    const took = item === 'floor' ? floor() : await item.measure()
    if (round > 0) taken.push(took)
  }
}

const base = Math.min(...(times.get('floor') ?? []))
const rows = items.map((item) => {
  const { name, limit, unit } = item
  const taken = times.get(item) ?? []
  const measured = Math.min(...taken)
  const figure = unit === 'ratio' ? measured / base : measured
  return { name, measured, middle: median(taken), figure, limit, unit, ok: figure <= limit }
})
const width = Math.max(...rows.map(({ name }) => name.length), 'floor: node -e 0'.length)
const line = (...[name = '', ...rest]: string[]): string =>
  name.padEnd(width) + rest.map((cell) => cell.padStart(12)).join('')
console.log(line('name', 'least', 'median', 'ratio', 'limit', ''))
console.log(
  line(
    'floor: node -e 0',
    `${base.toFixed(1)} ms`,
    `${median(times.get('floor') ?? []).toFixed(1)} ms`,
    '1.00',
    '',
    '',
  ),
)
for (const { name, measured, middle, figure, limit, unit, ok } of rows) {
  const isRatio = unit === 'ratio'
  const cells = isRatio ? [figure.toFixed(2), limit.toFixed(2)] : ['', `${limit} ${unit}`]
  const said = (figure: number) => `${figure.toFixed(2)} ${isRatio ? 'ms' : unit}`
  console.log(line(name, said(measured), said(middle), ...cells, ok ? 'ok' : 'over'))
}
if (values.strict && rows.some(({ ok }) => !ok)) process.exitCode = 1

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
