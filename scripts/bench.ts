// `npm run bench [-- --rounds N] [--strict] [NAME]`: how long things take, as ratios to starting Node and doing nothing.
// The items take turns, so that a busy machine disturbs all of them alike; the medians count.
import { parseArgs } from 'node:util'
import type { Item } from './bench/item.ts'
import { floor, items as processes } from './bench/process.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '21' }, strict: { type: 'boolean', default: false } },
})

// A new group of figures is one more file in bench/ and one more word here.
const all: readonly Item[] = [...processes]

const items = all.filter(({ name }) => positionals.every((word) => name.includes(word)))
const times = new Map<Item | 'floor', number[]>(['floor' as const, ...items].map((key) => [key, []]))
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const [item, taken] of times) {
    const took = item === 'floor' ? floor() : await item.measure()
    if (round > 0) taken.push(took)
  }
}

const base = median(times.get('floor') ?? [])
const rows = items.map((item) => {
  const measured = median(times.get(item) ?? [])
  const ratio = measured / base
  return { name: item.name, measured, ratio, limit: item.limit, ok: ratio <= item.limit }
})
const width = Math.max(...rows.map(({ name }) => name.length), 'floor: node -e 0'.length)
const line = (...[name = '', ...rest]: string[]): string =>
  name.padEnd(width) + rest.map((cell) => cell.padStart(12)).join('')
console.log(line('name', 'measured', 'ratio', 'limit', ''))
console.log(line('floor: node -e 0', `${base.toFixed(1)} ms`, '1.00', '', ''))
for (const { name, measured, ratio, limit, ok } of rows)
  console.log(line(name, `${measured.toFixed(1)} ms`, ratio.toFixed(2), limit.toFixed(2), ok ? 'ok' : 'over'))
if (values.strict && rows.some(({ ok }) => !ok)) process.exitCode = 1

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
