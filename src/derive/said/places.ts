/** Places in a task's words: where it says it listens, and whom it says it calls. */
import type { TaskSpec } from '../../knowledge/shapes/job.ts'
import type { Called, Said } from '../../knowledge/shapes/said.ts'
import { purposeOf } from '../../knowledge/variable-names.ts'
import { literals, loops } from '../path/literals.ts'
import { pairsIn } from '../path/pairs.ts'
import { portOfImage } from './images.ts'
import { another, listensFor, partsOf, plain } from './names.ts'
import { wordsOf, type Word } from './words.ts'

const variable = String.raw`\$\{(?:NOMAD_(?:HOST_)?(?:IP|ADDR)_\w+|attr\.unique\.network\.ip-address)\}`
const number = String.raw`(\d{1,5}|\$\{NOMAD_(?:HOST_)?PORT_(\w+)\})`
const scheme = String.raw`(?:(?:tcp[46]?|udp|https?|grpc):\/\/)?`
const host = String.raw`([*+]|\[[0-9a-fA-F:]*\]|\d+(?:\.\d+){3}|localhost|${variable})`
/** One place and nothing else. */
const place = new RegExp(String.raw`^${scheme}${host}?:${number}\/?$`)
const alone = new RegExp(String.raw`^${scheme}${host}$`)
const bare = new RegExp(String.raw`^${number}$`)

const listens = (words: readonly string[]): boolean =>
  words.some((word) => /^(listen(er|ers|ing)?|bind(s|ing)?)$/.test(word)) ||
  /^(?:aspnetcore|dotnet)-(?:urls|https?-ports)$/.test(words.join('-'))
const portNames = new Set([
  'port',
  'p',
  'http-port',
  'https-port',
  'listen-port',
  'server-port',
  'web-port',
  'app-port',
  'api-port',
  'bind-port',
])
const hostNames = new Set(['host', 'server-host', 'http-host', 'app-host'])
/** As flags and properties; a variable of this name may be anybody's. */
const hostFlags = /^(?:--hostname|(?:-D|--)?server\.address)$/
const wildcards = new Set(['', '*', '+', '0.0.0.0', '::'])

interface Read {
  readonly host: string
  readonly port?: number
  readonly label?: string
  readonly outside?: true
}

function read(value: string, words: readonly string[], flag = ''): Read | undefined {
  const [, at = '', digits, label] = place.exec(value) ?? []
  if (digits !== undefined) {
    const named = at.replace(/^\[|\]$/g, '')
    // A place whose address is somebody's is listened on only where the name says so: `-p 127.0.0.1:8080` does.
    const own = listens(words) || portNames.has(words.join('-')) || (wildcards.has(named) && words.length > 0)
    return own ? numbered(named, digits, label) : undefined
  }
  const [, only] = alone.exec(value) ?? []
  // `HOST=127.0.0.1` beside `PORT=8080`: whom a program calls is seldom itself.
  const own = listens(words) || ((hostNames.has(words.join('-')) || hostFlags.test(flag)) && loops(only ?? ''))
  if (only !== undefined && own) return { host: only.replace(/^\[|\]$/g, '') }
  const [, port, of] = bare.exec(value) ?? []
  const mine = portNames.has(words.join('-')) || (listens(words) && words.every((one) => plain.has(one)))
  return port !== undefined && mine ? numbered('', port, of) : undefined
}

function numbered(at: string, digits: string, label: string | undefined): Read | undefined {
  const host = wildcards.has(at) ? '' : at
  if (label !== undefined) return { host, label, ...(digits.includes('HOST_PORT') ? { outside: true } : {}) }
  const port = Number(digits)
  return port > 0 && port < 65_536 ? { host, port } : undefined
}

/** `listen 8080;`, `bind *:80`, `http-listener 0.0.0.0:80` in a file that a template writes. */
function inFile({ name, value }: Word): readonly Read[] {
  const words = partsOf(name)
  if (!listens(words)) return []
  const [first = ''] = value.replace(/^["'[]+/, '').split(/["'\s;,\]{]+/)
  const found = read(first, words)
  return found ? [found] : []
}

/** `ASPNETCORE_URLS=http://+:80;https://+:443` */
const inValue = (word: Word, words: readonly string[]): readonly Read[] =>
  word.value
    .trim()
    .replace(word.kind === 'template' ? /[,;]$/ : /(?!)/, '')
    .split(listens(words) ? /;(?=.)/ : /(?!)/)

    .flatMap((one) => read(one, words, word.kind === 'env' ? '' : word.name) ?? [])

/** What the words say that a task is told; `beside`: all of them. */
function readingOf(word: Word, beside: readonly Word[]): readonly Read[] {
  if (word.client) return []
  const words = partsOf(word.name)
  const found = inValue(word, words)
  const [first] = found
  if (!first) return word.kind === 'template' ? inFile(word) : []
  if (listens(words)) return found
  const alone = first.label === undefined && (first.host === '' ? !word.value.includes(':') : first.port === undefined)
  return alone && (another(word, beside) || !listensFor(word, beside)) ? [] : found
}

/** Where a task says it listens; where it says nothing, what its image is known to do. */
export function listeningOf(task: TaskSpec): readonly Said[] {
  const all = wordsOf(task)
  const said = all.flatMap((word) =>
    readingOf(word, all).map((one): Said => {
      const words = partsOf(word.name)
      // One letter says nothing: `-p`, `-S`.
      const what = words.filter((part) => part.length > 1 && !plain.has(part)).join(' ')
      const udp = words.includes('udp') || word.value.startsWith('udp:')
      return { task: task.name, ...one, what, udp, by: 'text', from: word.from, at: word.at }
    }),
  )
  if (said.some(({ port, label }) => port !== undefined || label !== undefined)) return said
  const image = portOfImage(task)
  const usual = { task: task.name, host: '', what: '', udp: false, by: 'image', at: [task.config, 'image'] } as const
  return image === undefined ? said : [...said, { ...usual, port: image, from: `image of task ${task.name}` }]
}

/** Places with a port written out that a task calls: not those it listens on, and none that may be meant for others. */
export function callsOf(task: TaskSpec): readonly Called[] {
  const all = wordsOf(task)
  const others = all.filter(
    (word) => readingOf(word, all).length === 0 && !listens(partsOf(word.name)) && purposeOf(word.name) === 'dialled',
  )
  const whole = others.flatMap(({ value, from, at, name }) =>
    literals(value).flatMap(({ host, port }): readonly Called[] =>
      port === undefined ? [] : [{ task: task.name, host, port, from, text: `${name} ${value}`, at }],
    ),
  )
  return [...whole, ...callsInTwo(task, others)]
}

/** The same where the port stands in a word of its own. */
const callsInTwo = (task: TaskSpec, words: readonly Word[]): readonly Called[] =>
  [...Map.groupBy(words, ({ set }) => set).values()]
    .flatMap((words) => pairsIn(words))
    .map(({ host: word, port, what, address: host, number }): Called => ({
      task: task.name,
      host,
      port: number,
      apart: { name: port.name, at: port.at },
      from: inTwo(word, port.name),
      text: `${what}_HOST ${host}:${number}`,
      at: word.at,
    }))

/** `env PGHOST with PGPORT of task web` */
const inTwo = ({ from, name }: Word, port: string): string =>
  from.includes(name) ? from.replace(name, `${name} with ${port}`) : `${name} with ${port} in ${from}`
