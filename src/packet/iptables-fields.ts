import { some } from './iptables-module.ts'
import type { Module } from './iptables-module.ts'
import { arity } from './iptables-option.ts'

/** `-m ttl`, `-m hl`: equal, greater or less. */
const lifetime = (word: 'ttl' | 'hl'): Module =>
  some(arity([`--${word}-eq --${word}-gt --${word}-lt`, 1]), ({ name, negated, args: [text = ''] }) => {
    const value = wholeNumber(text)
    if (value === undefined) return undefined
    const [from, to] = name.endsWith('eq') ? [value, value] : name.endsWith('gt') ? [value + 1, 255] : [0, value - 1]
    return { kind: 'field', negated, field: 'ttl', from, to }
  })

const dscp = some(arity(['--dscp', 1]), ({ negated, args: [text = ''] }) => {
  const value = wholeNumber(text)
  return value === undefined ? undefined : { kind: 'field', negated, field: 'dscp', from: value, to: value }
})

const length = some(arity(['--length', 1]), ({ negated, args: [range = ''] }) => {
  const [first = '', last = first] = range.split(':')
  const [from, to] = [wholeNumber(first), wholeNumber(last)]
  return from === undefined || to === undefined ? undefined : { kind: 'field', negated, field: 'length', from, to }
})

/** Other options of it describe IPsec's own transformations. */
const policy: Module = {
  options: arity(['--dir --pol', 1]),
  read: (list) => {
    const pol = list.find(({ name }) => name === '--pol')
    const [word] = pol?.args ?? []
    if (!pol || (word !== 'none' && word !== 'ipsec')) return undefined
    return [
      { kind: 'policy', negated: pol.negated, none: word === 'none', text: list.map(({ text }) => text).join(' ') },
    ]
  },
}

const rpfilter: Module = {
  options: arity(['--loose --validmark --accept-local --invert', 0]),
  read: (list) => {
    const given = new Set(list.map(({ name }) => name))
    const [loose, mark, local] = [given.has('--loose'), given.has('--validmark'), given.has('--accept-local')]
    const text = ['-m rpfilter', ...given].join(' ')
    return [{ kind: 'rpfilter', negated: given.has('--invert'), loose, mark, local, text }]
  },
}

export const fieldModules = { ttl: lifetime('ttl'), hl: lifetime('hl'), dscp, length, policy, rpfilter } as const

/** Decimal, or hexadecimal as `--dscp` is printed. */
const wholeNumber = (text: string): number | undefined => (/^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined)
