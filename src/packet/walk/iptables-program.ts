import type { Chain, Rule, Table } from '../iptables.ts'
import type { Target } from '../iptables-target.ts'
import {
  accept,
  drop,
  marked,
  notrack,
  reject,
  restoreMark,
  saveMark,
  setMark,
  setTos,
  setTtl,
  setZone,
  toProxy,
  translate,
  unknownHere,
} from './act.ts'
import { moved } from './address.ts'
import { isUnsure } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Match } from '../iptables-match.ts'
import { compileMatch } from './match.ts'
import type { Test } from './match.ts'
import { changeSet } from './ipset.ts'
import { placeOf, returned } from './program.ts'
import type { Next, Place, Program, Step } from './program.ts'
import { chance, note, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { By } from './types.ts'
import type { Change } from './nat.ts'

/** Rules of nftables that stand in a chain of iptables-nft, by position: iptables-save misprints them. */
export type Natives = (chain: string) => (n: number) => Step | undefined

/** Makes a table of `iptables-save` ready; chains when they are first walked. */
export function iptablesProgram(by: By, table: Table, natives?: Natives): Program {
  const chains = new Map<string, Chain>(table.chains.map((chain) => [chain.name, chain]))
  const made = new Map<string, readonly Step[]>()
  return {
    by,
    table: table.name,
    chain: (name) => {
      const known = made.get(name)
      if (known) return known
      const chain = chains.get(name)
      const native = natives?.(name)
      const steps = chain?.rules.map((rule) => native?.(rule.n) ?? stepOf(rule))
      if (steps) made.set(name, steps)
      return steps
    },
  }
}

function stepOf(rule: Rule): Step {
  const { n, text, target, matches } = rule
  // Made one by one: most rules of a large set fail at their first condition.
  const tests: Test[] = []
  return {
    n,
    text,
    run: (sight, place) => {
      let answer: Answer = true
      for (let i = 0; i < matches.length; i += 1) {
        const test = (tests[i] ??= testOf(matches[i]))
        const one = test(sight)
        if (one === false) return undefined
        if (one !== true && !isUnsure(answer)) answer = one
      }
      return decided(sight, placeOf(place, rule), target, answer)
    },
  }
}

const always: Test = () => true
const testOf = (match: Match | undefined): Test => (match ? compileMatch(match) : always)

function decided(
  sight: Sight,
  place: Place,
  target: Target | undefined,
  answer: true | Exclude<Answer, boolean>,
): Next {
  if (!target || (target.kind === 'continue' && !zoned(target))) {
    if (answer === true && target) note(sight, target.text.split(' ')[0]?.toLowerCase() ?? 'log', place)
    return undefined
  }
  if (isUnsure(answer)) {
    const { packet } = sight
    // Whether the mark was changed is not known: that matters only to a rule that asks for it.
    if (target.kind === 'mark') {
      if (marked(packet.mark, target) !== packet.mark) packet.mark = undefined
      return undefined
    }
    if (target.kind === 'ttl')
      return changed(packet.ttl, target) === packet.ttl ? undefined : setTtl(sight, place, undefined)
    if (target.kind === 'tos') {
      packet.tos = undefined
      return undefined
    }
    if (target.kind === 'set') return changeSet(sight, place, target, false)
    if (target.kind === 'connmark') {
      if (target.op === 'restore') packet.mark = undefined
      else if (packet.track?.flow) packet.track.flow.mark = undefined
      return undefined
    }
    return unknownHere(sight, place, answer.unknown)
  }
  if (answer === 'may' && !chance(sight.world, whereOf(sight, place))) return undefined
  return act(sight, place, target)
}

const zoned = ({ kind, text }: Target): boolean => kind === 'continue' && text.includes(' --zone')

function act(sight: Sight, place: Place, target: Target): Next {
  switch (target.kind) {
    case 'accept':
      return accept(sight, place)
    case 'drop':
      return drop(sight, place)
    case 'return':
      note(sight, 'return', place)
      return returned
    case 'reject':
      return reject(sight, place, target.with)
    case 'jump':
    case 'goto':
      note(sight, target.kind, place)
      return { go: target.kind, chain: target.chain }
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return translate(sight, place, changeOf(target))
    case 'mark':
      return setMark(sight, place, target)
    case 'connmark':
      return connmark(sight, place, target)
    case 'ttl':
      return setTtl(sight, place, changed(sight.packet.ttl, target))
    case 'tos':
      return setTos(sight, place, target)
    case 'set':
      return changeSet(sight, place, target, true)
    case 'notrack':
      return notrack(sight, place)
    case 'tproxy': {
      const taken = toProxy(sight, place, target.address, target.port)
      if (isUnsure(taken)) return unknownHere(sight, place, taken.unknown)
      if (!taken) return drop(sight, place)
      if (target.mark) sight.packet.mark = marked(sight.packet.mark, target.mark)
      return accept(sight, place)
    }
    case 'continue': {
      const [, zone] = / --zone (\d+)(?: |$)/.exec(target.text) ?? []
      if (zone === undefined) return unknownHere(sight, place, `target ${target.text} is not modelled`)
      return setZone(sight, place, Number(zone))
    }
    case 'queue':
      return unknownHere(sight, place, `${target.text}: a program decides`)
    case 'netmap': {
      const source = sight.at === 'postrouting' || sight.at === 'input'
      const address = moved(source ? sight.packet.src : sight.packet.dst, target.to)
      if (address === undefined) return unknownHere(sight, place, `target ${target.text} is not modelled`)
      return translate(sight, place, { kind: source ? 'snat' : 'dnat', address, random: false })
    }
    case 'unknown':
      return unknownHere(sight, place, `target ${target.text} is not modelled`)
  }
}

const changed = (ttl: number | undefined, { op, value }: Extract<Target, { kind: 'ttl' }>): number | undefined =>
  op === 'set' ? value : ttl === undefined ? undefined : ttl + (op === 'inc' ? value : -value)

function connmark(sight: Sight, place: Place, target: Extract<Target, { kind: 'connmark' }>): undefined {
  const flow = sight.packet.track?.flow
  if ('nfmask' in target) {
    if (target.op === 'restore') return restoreMark(sight, place, target.nfmask, target.ctmask)
    saveMark(sight, target.nfmask, target.ctmask)
  } else if (flow) flow.mark = marked(flow.mark, target)
  note(sight, 'connmark', place)
  return undefined
}

type Translating = Extract<Target, { kind: 'dnat' | 'snat' | 'masquerade' | 'redirect' }>

function changeOf(target: Translating): Change {
  const random = /--random(-fully)?\b/.test(target.text)
  if ('to' in target) return { kind: target.kind, random, ...target.to }
  return { kind: target.kind, random, ...(target.ports ? { ports: target.ports } : {}) }
}
