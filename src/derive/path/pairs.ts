/** An address that is told in two words, `PGHOST=127.0.0.1` and `PGPORT=5432`, as many programs want it. */
import { purposeOf, wordsOfName } from '../../knowledge/variable-names.ts'
import { isAddress } from './literals.ts'

/** A variable or a flag with its value. */
export interface Named {
  readonly name: string
  readonly value: string
}
export interface Pair<T extends Named> {
  readonly host: T
  readonly port: T
  /** What the names say beside host and port: `PG`, `DB`, `spring_datasource`. */
  readonly what: string
  readonly address: string
  readonly number: number
}

const hosts = /^(.*[A-Za-z0-9])[-_.]?(?:hostname|hostaddr|host|server|address|addr|ip)$/i
const ports = /^(.*[A-Za-z0-9])[-_.]?port(?:[-_.]?number)?$/i

/** Sides of a program itself that it listens on: `METRICS_HOST` and `METRICS_PORT`. */
const sides = new Set(
  'my own self app main server service listen listener bind http https web tcp udp grpc rpc rest api ui admin management actuator metrics prometheus exporter health healthcheck probe status debug pprof monitoring public internal dashboard console'.split(
    ' ',
  ),
)

const key = (name: string, pattern: RegExp): string => pattern.exec(name.replace(/^-+/, ''))?.[1] ?? ''
const alike = (name: string): string => name.replaceAll(/[-_.]/g, '').toLowerCase()
const bare = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, '$2')

/**
 * Words that stand together: those of the environment, of one command. `another`: the address is known to be of others, so
 * that it is dialled whatever its name.
 */
export function pairsIn<T extends Named>(
  words: readonly T[],
  another: (address: string) => boolean = () => false,
): readonly Pair<T>[] {
  return words.flatMap((host) => {
    const what = key(host.name, hosts)
    const address = bare(host.value).replace(/^\[(.*)\]$/, '$1')
    const own = wordsOfName(what).every((word) => sides.has(word)) && !another(address)
    if (what === '' || own || purposeOf(host.name) !== 'dialled') return []
    if (!(address === 'localhost' || isAddress(address)) || ['0.0.0.0', '::'].includes(address)) return []
    return words.flatMap((port) => {
      const number = /^\d{1,5}$/.test(bare(port.value)) ? Number(bare(port.value)) : 0
      const same = alike(key(port.name, ports)) === alike(what)
      return same && number > 0 && number < 65_536 ? [{ host, port, what, address, number }] : []
    })
  })
}
