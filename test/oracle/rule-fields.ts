import * as fc from 'fast-check'
import { pick } from './pick.ts'
import type { TableName } from './tables.ts'

/** What a rule of iptables asks of the header, of IPsec, and of the way back to the source. */
export function fields(family: 4 | 6, hook: string, table: TableName): fc.Arbitrary<string> {
  const life = family === 4 ? 'ttl' : 'hl'
  const lifetimes = ['eq 64', 'eq 63', 'eq 62', 'gt 62', 'gt 63', 'lt 64', 'lt 63', 'eq 255'].map(
    (text) => `-m ${life} --${life}-${text}`,
  )
  const sides = [
    ...(hook === 'OUTPUT' || hook === 'POSTROUTING' ? [] : ['in']),
    ...(hook === 'PREROUTING' || hook === 'INPUT' ? [] : ['out']),
  ]
  const reverse = fc
    .subarray(['--loose', '--validmark', '--accept-local', '--invert'])
    .map((options) => ['-m rpfilter', ...options].join(' '))
  return fc.oneof(
    { weight: 3, arbitrary: pick(...lifetimes, `-m ${life} ! --${life}-eq 64`) },
    {
      weight: 2,
      arbitrary: pick('0x00', '0x04', '0x0a', '0x08').chain((value) =>
        pick('', '! ').map((sign) => `-m dscp ${sign}--dscp ${value}`),
      ),
    },
    {
      weight: 2,
      arbitrary: pick('0:1500', '0:39', '100:65535', '! 0:100', '1300', '1400:1500', '0:1399').map(written),
    },
    {
      weight: 1,
      arbitrary: pick(
        ...sides.flatMap((side) => ['none', 'ipsec'].map((pol) => `-m policy --dir ${side} --pol ${pol}`)),
      ),
    },
    ...(hook === 'PREROUTING' && (table === 'raw' || table === 'mangle') ? [{ weight: 4, arbitrary: reverse }] : []),
  )
}

const written = (text: string): string =>
  text.startsWith('! ') ? `-m length ! --length ${text.slice(2)}` : `-m length --length ${text}`
