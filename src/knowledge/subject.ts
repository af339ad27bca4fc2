/** Who cannot reach whom: the question a diagnosis answers. */

export const symptoms = {
  'not-placed': 'It is not placed',
  'never-starts': 'It is placed, but never starts',
  'cannot-connect': 'It runs, but one caller (or everybody) cannot reach it',
  'name-fails': 'The name does not resolve, or resolves to the wrong thing',
  sometimes: 'It works sometimes',
  outside: 'It works from inside, but not from outside',
  unknown: 'I do not know: look at everything',
} as const
export type Symptom = keyof typeof symptoms

/** One end of a path, fully named. `outside`: no Nomad allocation; `address` is an address, a host name, or address:port. */
export type Side =
  | {
      readonly kind: 'workload'
      readonly namespace: string
      readonly job: string
      readonly group?: string
      readonly task?: string
      readonly alloc?: string
      readonly node?: string
    }
  | { readonly kind: 'service'; readonly namespace: string; readonly service: string }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'outside'; readonly address?: string }

/** `dials`: the address or port the caller uses when it is not the registered one (`10.0.0.1`, `:80`, `udp:10.0.0.1:80`). */
export interface Subject {
  readonly from: Side | null
  readonly to: Side | null
  readonly port: string | number | null
  readonly symptom: Symptom
  readonly dials?: string
}

/** What a caller is told to dial: the place as it is written, and its protocol where `udp:` or `tcp:` stands before it. */
export function toldParts(dials: string): { readonly place: string; readonly proto?: 'tcp' | 'udp' } {
  const [, proto, place = ''] = /^(?:(udp|tcp):)?(.*)$/s.exec(dials.trim()) ?? []
  return { place, ...(proto === 'udp' || proto === 'tcp' ? { proto } : {}) }
}

/** A port as it is asked about: a number, or a label. */
export const portAsked = (port: string): string | number => (/^\d+$/.test(port) ? Number(port) : port)

/** Whom it is about, with the port; an address outside may have it already. */
export const withPort = (to: string, port: string | number | null): string =>
  port === null || (to.startsWith('outside:') && to.endsWith(`:${port}`)) ? to : `${to}:${port}`
