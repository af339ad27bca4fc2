/** Functions about networks, of IPv4. Source: hashicorp/go-cty-funcs, package cidr. */
import type { Func } from './functions.ts'
import { number, text } from './functions-texts.ts'
import { NotEvaluable, refuse, type Value } from './value.ts'

interface Prefix {
  readonly base: number
  readonly length: number
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

function prefixOf(value: Value | undefined): Prefix | NotEvaluable {
  const written = text(value)
  if (/^[0-9a-f:.]*:[0-9a-f:.]*\/\d+$/i.test(written))
    return new NotEvaluable('networks of IPv6 are not worked out here')
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(written)?.slice(1).map(Number)
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = found ?? []
  if (!found || length > 32 || [a, b, c, d].some((part) => part > 255))
    return refuse(`invalid CIDR expression: invalid CIDR address: ${written}`)
  const size = 2 ** (32 - length)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  return { base: address - (address % size), length }
}

const on = (value: Value | undefined, make: (prefix: Prefix) => Value): Value => {
  const prefix = prefixOf(value)
  return prefix instanceof NotEvaluable ? prefix : make(prefix)
}

export const networks: Readonly<Record<string, Func>> = {
  cidrhost: (network, host) =>
    on(network, ({ base, length }) => {
      const [size, nth] = [2 ** (32 - length), number(host)]
      if (nth >= size || nth < -size)
        return refuse(`prefix of ${32 - length} does not accommodate a host numbered ${nth}`)
      return dotted(base + (nth < 0 ? size + nth : nth))
    }),
  cidrnetmask: (network) => on(network, ({ length }) => dotted(2 ** 32 - 2 ** (32 - length))),
  cidrsubnets: (network, ...sizes) =>
    on(network, ({ base, length }) => {
      let next = base
      const made: string[] = []
      for (const more of sizes.map(number)) {
        const inner = length + more
        if (more < 1) return refuse('must extend prefix by at least one bit')
        if (inner > 32) return refuse(`would extend prefix to ${inner} bits, which is too long for an IPv4 address`)
        const size = 2 ** (32 - inner)
        next = Math.ceil(next / size) * size
        if (next + size > base + 2 ** (32 - length)) return refuse('not enough remaining address space')
        made.push(`${dotted(next)}/${inner}`)
        next += size
      }
      return made
    }),
  cidrsubnet: (network, more, nth) =>
    on(network, ({ base, length }) => {
      const inner = length + number(more)
      if (inner > 32) return refuse(`not enough remaining address space for a subnet with a prefix of ${inner} bits`)
      if (number(nth) < 0 || number(nth) >= 2 ** number(more))
        return refuse(`prefix extension of ${number(more)} does not accommodate a subnet numbered ${number(nth)}`)
      return `${dotted(base + number(nth) * 2 ** (32 - inner))}/${inner}`
    }),
}
