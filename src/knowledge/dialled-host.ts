import type { TaskText } from './shapes/job.ts'
import { purposeOf } from './variable-names.ts'

/** A name where a text dials it as a host: `tcp://name:80`, `user:word@name:5432`, `name:6379`, `http://name/`. */
export interface DialledHost {
  /** What stands before it in its address: `postgres://user:word@`. */
  readonly lead: string
  /** Its port with the colon, and what ends an address without one: `:5432`. */
  readonly tail: string
}

/** Behind these a name is a host, also without a port: a driver, a bucket or an image has other schemes. */
const schemes =
  'https?|wss?|h2c|grpcs?|tcp|udp|tls|ssl|rediss?|valkeys?|postgres(?:ql)?|pgsql|mysqlx?|mariadb|mssql|sqlserver|mongodb|amqps?|mqtts?|nats|ldaps?|smtps?|stomp|kafka|memcached?|clickhouse|elasticsearch|ftps?|sftp|ssh|rtmps?|socks[45]h?|syslog|fluentd?|zookeeper|etcd'

const escaped = (name: string): string => name.replace(/[^\w-]/g, String.raw`\$&`)

/** Each spelling once, the longest first: one that stands in another one is found after it. `postgres:16` is an image. */
export function dialledHosts(text: string, name: string): readonly DialledHost[] {
  const start = String.raw`(?<![\w.+-])`
  const any = String.raw`[a-z][a-z0-9+.-]*:\/\/(?:[^\s/"'@]*@)?`
  const known = String.raw`(?:[a-z0-9]+[:+])*(?:${schemes})(?:\+[a-z0-9]+)?:\/\/(?:[^\s/"'@]*@)?`
  const port = String.raw`:(?:25|53|80|\d{3,5})(?![\w.@])`
  const patterns = [
    String.raw`${start}(${any})${escaped(name)}(${port})`,
    String.raw`${start}(${known})${escaped(name)}(?![\w.:@-])()`,
    String.raw`(?:^|(?<=[\s"'=,@/(|]))()${escaped(name)}(${port})`,
  ]
  const found: (DialledHost & { readonly end: number })[] = []
  for (const pattern of patterns)
    for (const { 0: whole, 1: lead = '', 2: tail = '', index } of text.matchAll(new RegExp(pattern, 'g'))) {
      const end = index + whole.length
      // The end of an address that was found whole.
      if (!found.some((one) => one.end === end)) found.push({ lead, tail, end })
    }
  return found
    .filter((one, i) => found.findIndex(({ lead, tail }) => lead === one.lead && tail === one.tail) === i)
    .toSorted((a, b) => b.lead.length - a.lead.length || b.tail.length - a.tail.length)
}

/** `PGHOST`, `REDIS_HOST`: a variable that holds a host name alone. */
const hosts = /(?:^|_|[A-Z])HOST(?:NAME)?$/

/** Where a text of a task names it as a host; names that a task tells others or lets in are called by nobody. */
export function dialledIn({ text, kind, variable = '' }: TaskText, name: string): readonly DialledHost[] {
  if (kind === 'env' && purposeOf(variable) !== 'dialled') return []
  const bare = kind === 'env' && hosts.test(variable) && text.trim() === name
  return bare ? [{ lead: '', tail: '' }] : dialledHosts(text, name)
}
