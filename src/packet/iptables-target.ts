import { changesHeader, headerTarget } from './iptables-header.ts'
import { arity, readOptions, textOf } from './iptables-option.ts'
import type { Arity, Option, Word } from './iptables-option.ts'
import type { PortRange } from './iptables-match.ts'
import { decimal, mark32, present } from './parsed.ts'

/** Where NAT sends a packet: one address or a range, one port or a range; a missing part stays as it is. */
export interface NatTo {
  readonly address?: string
  readonly lastAddress?: string
  readonly ports?: PortRange
}

/** What a rule does. `text` is the target as written. */
export type Target = Action & { readonly text: string }

export type Action =
  | { readonly kind: 'accept' | 'drop' | 'return' }
  /** `with`: icmp-port-unreachable, icmp-host-prohibited, icmp-admin-prohibited, tcp-reset, … */
  | { readonly kind: 'reject'; readonly with: string }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'dnat' | 'snat'; readonly to: NatTo }
  | { readonly kind: 'masquerade' | 'redirect'; readonly ports?: PortRange }
  | { readonly kind: 'netmap'; readonly to: string }
  | { readonly kind: 'tproxy'; readonly port: number; readonly address?: string; readonly mark?: Bits }
  /** The new mark is (old & ~mask) ^ value. */
  | ({ readonly kind: 'mark' } & Bits)
  /** `set` as for mark, on the connection; `save` packet to connection, `restore` connection to packet. */
  | ({ readonly kind: 'connmark'; readonly op: 'set' } & Bits)
  | { readonly kind: 'connmark'; readonly op: 'save' | 'restore'; readonly nfmask: number; readonly ctmask: number }
  | { readonly kind: 'notrack' }
  /** Time to live, or hop limit. */
  | { readonly kind: 'ttl'; readonly op: 'set' | 'inc' | 'dec'; readonly value: number }
  /** The new type of service is (old & ~mask) ^ value. */
  | ({ readonly kind: 'tos' } & Bits)
  /** Adds the packet to a set, or takes it out. */
  | { readonly kind: 'set'; readonly op: 'add' | 'del'; readonly set: string; readonly sides: readonly string[] }
  /** Goes on with the next rule and changes no address, mark or verdict: LOG, NFLOG, TRACE, TCPMSS, CT, … */
  | { readonly kind: 'continue'; readonly name: string; readonly mss?: number | 'path' }
  /** Handed to a program, which decides. */
  | { readonly kind: 'queue' }
  | { readonly kind: 'unknown'; readonly name: string }

export interface Bits {
  readonly value: number
  readonly mask: number
}

const continuing = new Set(
  'LOG NFLOG ULOG TRACE TCPMSS TCPOPTSTRIP CHECKSUM CLASSIFY ECN CT AUDIT IDLETIMER LED RATEEST CONNSECMARK SECMARK TEE ACCOUNT'.split(
    ' ',
  ),
)

/** Reads what follows `-j` or `-g` (`how`). `isChain` tells the table's own chains from extensions. */
export function readTarget(how: string, list: readonly Word[], isChain: (name: string) => boolean): Target {
  const [name = '', text] = [list[0]?.value, textOf(list)]
  const action =
    how === '-g'
      ? jump('goto', name, list, isChain)
      : (verdict(name, list) ?? jump('jump', name, list, isChain) ?? extension(name, list.slice(1)))
  return { ...(action ?? { kind: 'unknown', name }), text }
}

function verdict(name: string, list: readonly Word[]): Action | undefined {
  if (list.length !== 1) return undefined
  if (name === 'ACCEPT') return { kind: 'accept' }
  if (name === 'DROP') return { kind: 'drop' }
  if (name === 'RETURN') return { kind: 'return' }
  return name === 'QUEUE' ? { kind: 'queue' } : undefined
}

const jump = (
  kind: 'jump' | 'goto',
  chain: string,
  list: readonly Word[],
  isChain: (name: string) => boolean,
): Action | undefined => (list.length === 1 && isChain(chain) ? { kind, chain } : undefined)

function extension(name: string, args: readonly Word[]): Action | undefined {
  if (name === 'NFQUEUE') return { kind: 'queue' }
  // Only --notrack changes what a later rule sees; zones and helpers do not.
  if (name === 'NOTRACK' || (name === 'CT' && args.some((word) => word.value === '--notrack')))
    return { kind: 'notrack' }
  if (name === 'TCPMSS') return tcpmss(args)
  if (name === 'SET') return setChange(args)
  if (changesHeader(name)) return headerTarget(name, args)
  if (continuing.has(name)) return { kind: 'continue', name }
  const known = options.get(name)
  const list = known && readOptions(args, known)
  return list && build(name, new Map(list.map((option) => [option.name, option])))
}

const random: [string, number] = ['--random --random-fully --persistent', 0]
const options: ReadonlyMap<string, Arity> = new Map([
  ['REJECT', arity(['--reject-with', 1])],
  ['DNAT', arity(['--to-destination', 1], random)],
  ['SNAT', arity(['--to-source', 1], random)],
  ['MASQUERADE', arity(['--to-ports', 1], random)],
  ['REDIRECT', arity(['--to-ports', 1], random)],
  ['NETMAP', arity(['--to', 1])],
  ['TPROXY', arity(['--on-port --on-ip --tproxy-mark', 1])],
  ['MARK', arity(['--set-xmark --set-mark --and-mark --or-mark --xor-mark', 1])],
  ['CONNMARK', arity(['--set-xmark --set-mark --nfmask --ctmask', 1], ['--save-mark --restore-mark', 0])],
])

function build(name: string, by: ReadonlyMap<string, Option>): Action | undefined {
  const arg = (option: string): string | undefined => by.get(option)?.args[0]
  switch (name) {
    case 'REJECT':
      return { kind: 'reject', with: arg('--reject-with') ?? 'icmp-port-unreachable' }
    case 'DNAT':
    case 'SNAT': {
      const to = readNat(arg(name === 'DNAT' ? '--to-destination' : '--to-source'))
      return to && { kind: name === 'DNAT' ? 'dnat' : 'snat', to }
    }
    case 'MASQUERADE':
    case 'REDIRECT': {
      const ports = by.has('--to-ports') ? readPorts(arg('--to-ports')) : null
      return ports === undefined
        ? undefined
        : present<Action>({ kind: name === 'REDIRECT' ? 'redirect' : 'masquerade', ports: ports ?? undefined })
    }
    case 'NETMAP':
      return by.has('--to') ? { kind: 'netmap', to: arg('--to') ?? '' } : undefined
    case 'TPROXY': {
      const port = decimal(arg('--on-port'))
      const mark = readBits(arg('--tproxy-mark'))
      return port === undefined ? undefined : present<Action>({ kind: 'tproxy', port, address: arg('--on-ip'), mark })
    }
    case 'MARK': {
      const mark = readMark(by)
      return mark && { kind: 'mark', ...mark }
    }
    default:
      return connmark(by)
  }
}

/** All spellings of MARK as one: --set-xmark value/mask (iptables-extensions(8)). */
function readMark(by: ReadonlyMap<string, Option>): Bits | undefined {
  const [option, ...more] = by.values()
  const bits = readBits(option?.args[0])
  if (!option || !bits || more.length > 0) return undefined
  const { value, mask } = bits
  switch (option.name) {
    case '--set-xmark':
      return bits
    case '--set-mark':
      return { value, mask: (mask | value) >>> 0 }
    case '--and-mark':
      return { value: 0, mask: ~value >>> 0 }
    case '--or-mark':
      return { value, mask: value }
    default:
      return { value, mask: 0 }
  }
}

function connmark(by: ReadonlyMap<string, Option>): Action | undefined {
  if (by.has('--save-mark') || by.has('--restore-mark')) {
    const masks = ['--nfmask', '--ctmask'].map((name) => (by.has(name) ? mark32(by.get(name)?.args[0]) : 0xffffffff))
    const [nfmask, ctmask] = masks
    if (nfmask === undefined || ctmask === undefined) return undefined
    return { kind: 'connmark', op: by.has('--save-mark') ? 'save' : 'restore', nfmask, ctmask }
  }
  const mark = readMark(by)
  return mark && { kind: 'connmark', op: 'set', ...mark }
}

function tcpmss(args: readonly Word[]): Action | undefined {
  const [option, value] = args.map((word) => word.value)
  const mss = option === '--clamp-mss-to-pmtu' ? ('path' as const) : option === '--set-mss' ? decimal(value) : undefined
  return mss === undefined ? undefined : { kind: 'continue', name: 'TCPMSS', mss }
}

/** `--map-set` may change mark, priority and queue by what the set says. */
function setChange(args: readonly Word[]): Action | undefined {
  const [option, name, sides = ''] = args.map((word) => word.value)
  const op = option === '--add-set' ? ('add' as const) : option === '--del-set' ? ('del' as const) : undefined
  const mixed = args.slice(1).some(({ value }) => /^--(add|del|map)-set$/.test(value))
  return op === undefined || name === undefined || mixed
    ? undefined
    : { kind: 'set', op, set: name, sides: sides.split(',') }
}

function readBits(text: string | undefined): Bits | undefined {
  const [first, second = '0xffffffff'] = (text ?? '').split('/')
  const [value, mask] = [mark32(first), mark32(second)]
  return value === undefined || mask === undefined ? undefined : { value, mask }
}

function readPorts(text: string | undefined): PortRange | undefined {
  const [first, last = first] = (text ?? '').split('-')
  const [from, to] = [decimal(first), decimal(last)]
  return from === undefined || to === undefined || to > 65535 ? undefined : { from, to }
}

/** `a`, `a-b`, `a:80`, `a-b:80-90`, `:80`, `[v6]:80`. A shifted range (`80-90/8080`) is not understood. */
function readNat(text: string | undefined): NatTo | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)|([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.-]*))(?::(\d+(?:-\d+)?))?$/i.exec(
    text ?? '',
  )
  if (!match) return undefined
  const [address, lastAddress] = (match[1] ?? match[2] ?? match[3] ?? '').split('-')
  const ports = match[4] === undefined ? undefined : readPorts(match[4])
  if (match[4] !== undefined && !ports) return undefined
  return present<NatTo>({ address: address === '' ? undefined : address, lastAddress, ports })
}
