/** Dates as texts of RFC 3339; the offset of a date stays its own. Source: zclconf/go-cty, function/stdlib/datetime.go. */
import type { Func } from './functions.ts'
import { text } from './functions-texts.ts'

interface Moment {
  /** Seconds of the local time, as if it were UTC. */
  readonly local: number
  readonly fraction: number
  /** `Z`, `+02:00`. */
  readonly zone: string
}

const written = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

function moment(of: string): Moment {
  const found = written.exec(of)
  const parts = found?.slice(1, 7).map(Number) ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!found || !real) throw new Error('not a valid RFC3339 timestamp')
  return {
    local: date.getTime() / 1000,
    fraction: Number(found[7] ?? 0),
    zone: (found[8] ?? 'Z').replace(/^[+-]00:00$/, 'Z'),
  }
}

const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** As Go reads durations: `1h30m`, `-1.5h`, `0`; in seconds. */
function seconds(of: string): number {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(of) ?? []
  if (body === '0') return 0
  const pieces = [...body.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)]
  if (pieces.length === 0 || pieces.map(([whole]) => whole).join('') !== body)
    throw new Error(`time: invalid duration "${of}"`)
  const sum = pieces.reduce((all, [, number, unit = '']) => all + Number(number) * (units[unit] ?? 0), 0)
  return sign === '-' ? -sum : sum
}

const two = (number: number): string => String(number).padStart(2, '0')

function timeadd(of: string, duration: string): string {
  const { local, fraction, zone } = moment(of)
  const sum = local + Math.floor(fraction + seconds(duration) + 1e-9)
  return new Date(sum * 1000).toISOString().replace(/\.\d+Z$/, zone)
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'January February March April May June July August September October November December'.split(' ')

function verb(word: string, { local, zone }: Moment): string {
  const at = new Date(local * 1000)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  const offset = zone === 'Z' ? '+00:00' : zone
  const bare = offset.replace(':', '')
  const all: Readonly<Record<string, string>> = {
    YYYY: String(year).padStart(4, '0'),
    YY: two(year % 100),
    MMMM: months[month] ?? '',
    MMM: (months[month] ?? '').slice(0, 3),
    MM: two(month + 1),
    M: String(month + 1),
    DD: two(day),
    D: String(day),
    EEEE: days[at.getUTCDay()] ?? '',
    EEE: (days[at.getUTCDay()] ?? '').slice(0, 3),
    hh: two(hour),
    h: String(hour),
    HH: two(twelve),
    H: String(twelve),
    AA: hour < 12 ? 'AM' : 'PM',
    aa: hour < 12 ? 'am' : 'pm',
    mm: two(minute),
    m: String(minute),
    ss: two(second),
    s: String(second),
    ZZZZZ: offset,
    ZZZZ: bare,
    ZZZ: bare === '+0000' ? 'UTC' : bare,
    Z: offset === '+00:00' ? 'Z' : offset,
  }
  const found = all[word]
  if (found === undefined) throw new Error(`invalid date format verb "${word}"`)
  return found
}

function formatdate(format: string, of: string): string {
  const at = moment(of)
  return format.replaceAll(/'((?:[^']|'')*)(')?|([A-Za-z])\3*/g, (word, quoted?: string, end?: string) => {
    if (quoted === undefined) return verb(word, at)
    if (end === undefined) throw new Error("unterminated literal '")
    return quoted.replaceAll("''", "'")
  })
}

export const dates: Readonly<Record<string, Func>> = {
  formatdate: (format, of) => formatdate(text(format), text(of)),
  timeadd: (of, duration) => timeadd(text(of), text(duration)),
}
