import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { discreet } from '../ask/discreet.ts'
import { redactor } from '../ask/redact.ts'
import { describe, spell, type Ask } from '../ask/request.ts'
import { spellSide } from '../run/names.ts'
import type { CaseCard, Exchange, Place } from '../run/place.ts'
import { subjectOf } from '../run/subject.ts'
import { cached } from '../sources/cache.ts'
import { readCaseInfo } from '../sources/case-info.ts'
import { CaseError, openCase } from '../sources/case.ts'
import { nobodyAgreed, type Consent } from '../sources/consent.ts'
import { OptionError, readOptions } from '../sources/options.ts'
import { consentOf } from './live.ts'
import type { Values } from './flags.ts'

/** Keeps what was asked and answered, in order, for the evidence screen. */
function witnessed(source: Ask): { ask: Ask; exchanges: () => readonly Exchange[] } {
  const kept = new Map<string, Exchange>()
  const secrets = redactor()
  let list: readonly Exchange[] | undefined
  return {
    async ask(request) {
      const reply = await source(request)
      const ask = spell(request)
      kept.set(ask, { ask, request: describe(request), reply: secrets.reply(reply) })
      list = undefined
      return reply
    },
    exchanges: () => (list ??= [...kept.values()]),
  }
}

/** A recorded case as a place to look at; a text says why it cannot be opened. */
export async function casePlace(dir: string): Promise<Place | string> {
  const opened = await openCase(dir)
  if (opened instanceof CaseError) return opened.message
  const { info } = opened
  const subject = subjectOf(info)
  const { wrongSide } = await import('../run/register.ts')
  for (const key of ['from', 'to'] as const) {
    const wrong = await wrongSide(subject[key], { ask: opened.ask, namespace: 'default' })
    if (wrong) {
      const offers = wrong.offers.length > 0 ? `. Did you mean: ${wrong.offers.join(', ')}` : ''
      return `${dir}: ${key} ${spellSide(subject[key])}: ${wrong.message}${offers}`
    }
  }
  const seen = witnessed(discreet(opened.ask))
  const cache = cached(seen.ask)
  return {
    kind: 'case',
    where: info.title === '' ? 'recorded case' : `recorded case · ${info.title}`,
    story: {
      title: info.title === '' ? info.id : info.title,
      what: info.story ?? info.what,
      aim: { kind: 'path', subject },
      told: { answers: { ...info.told }, checks: {} },
    },
    connect: () => cache.ask,
    forget: () => cache.forget(),
    exchanges: seen.exchanges,
  }
}

/** The cluster that flags and environment name. Nothing is asked, and its client is not loaded, before it is needed. */
export async function livePlace(values: Values): Promise<{ place: Place; close: () => Promise<void> } | OptionError> {
  const options = await readOptions(values, process.env)
  if (options instanceof OptionError) return options
  const { origin, socketPath, namespace, region } = options.nomad
  const agreed = consentOf(values)
  let consent: Consent = nobodyAgreed
  let live: Promise<{ ask: Ask; close: () => Promise<void> }> | undefined
  const source = async () => {
    const { liveSource } = await import('../sources/live.ts')
    return liveSource({ ...options, consent: async (request) => (await agreed(request)) || consent(request) })
  }
  const seen = witnessed(discreet(async (request) => (await (live ??= source())).ask(request)))
  const cache = cached(seen.ask)
  const rights = values['yes'] === true ? 'may run commands' : 'read-only'
  return {
    place: {
      kind: 'live',
      where: [
        socketPath === undefined ? origin : `unix://${socketPath}`,
        ...(region === undefined ? [] : [`region ${region}`]),
        `ns ${namespace ?? 'default'}`,
        rights,
      ].join(' · '),
      ...(namespace === undefined ? {} : { namespace }),
      connect(ask) {
        consent = ask
        return cache.ask
      },
      forget: () => cache.forget(),
      exchanges: seen.exchanges,
    },
    close: async () => (await live)?.close(),
  }
}

export async function cardsOf(folder: string): Promise<readonly CaseCard[]> {
  const names = await readdir(folder).catch(() => [])
  const cards = names.map((id): CaseCard | undefined => {
    const dir = join(folder, id)
    const info = readCaseInfo(join(dir, 'case.json'))
    return typeof info === 'string' ? undefined : { dir, id, title: info.title || id, what: info.story ?? info.what }
  })
  return cards.filter((card) => card !== undefined).toSorted((a, b) => a.title.localeCompare(b.title))
}
