import type { TaskText } from '../../knowledge/shapes/job.ts'
import { tells } from '../../knowledge/container.ts'
import type { Place } from './literals.ts'

type Env = Readonly<Record<string, string>>

/** The client of the source, where only its running task has the address. */
export const theOwnClient = 'the own client'

const name = String.raw`(NOMAD_(?:HOST_)?IP_[\w-]+)`
const spellings = [String.raw`\$\{${name}\}`, String.raw`\$${name}`, String.raw`\{\{-?\s*env\s+"${name}"\s*-?\}\}`]
const forms = spellings.map((form) => new RegExp(String.raw`${form}(?::|[ \t]+)(\d{1,5})(?!\w)`, 'g'))
/** What a program is told to listen on, or to tell others, is no place that it calls. */
const own = (before: string): boolean => tells(before) || /listen|bind/i.test(before)

interface Spot {
  readonly variable: string
  readonly port: number
}
const spots = ({ text, variable = '' }: TaskText): readonly Spot[] =>
  forms.flatMap((form) =>
    [...text.matchAll(form)].flatMap(({ 1: ip = '', 2: digits, index }): readonly Spot[] => {
      const before = `${variable} ${text.slice(0, index).split(/\s+/).slice(-2).join(' ')}`
      return own(before) ? [] : [{ variable: ip, port: Number(digits) }]
    }),
  )

/**
 * `$NOMAD_HOST_IP_x:17777`: the address of the own client, by a variable of Nomad, with the number of another's port.
 * Only numbers of the target count: anything else beside such a variable may be a port of its own.
 */
export const onOwnClient = (text: TaskText, ports: ReadonlySet<number>, env?: Env): readonly Place[] =>
  spots(text).flatMap(({ variable, port }) => {
    const host = env ? env[variable] : theOwnClient
    return ports.has(port) && host !== undefined ? [{ host, port }] : []
  })

const attribute = /\$\{attr\.unique\.network\.ip-address\}(?::|[ \t]+)(\d{1,5})(?!\w)/g
/** Every number that stands behind the address of the own client, whosever port it is. */
export const ownClientPorts = (text: TaskText): readonly number[] => [
  ...spots(text).map(({ port }) => port),
  ...[...text.text.matchAll(attribute)].map(([, digits]) => Number(digits)),
]
