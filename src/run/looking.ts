import type { StoreApi } from 'zustand/vanilla'
import { withHint } from '../ask/consent.ts'
import type { Ask } from '../ask/request.ts'
import type { Aim } from '../derive/things.ts'
import { nothingTold, type Told } from '../knowledge/told.ts'
import type { FactKey } from '../knowledge/facts.ts'
import { clusterId, jobId } from '../knowledge/things.ts'
import type { Looking } from './acts.ts'
import { consents } from './consents.ts'
import type { RawFacts } from './look.ts'
import type { Moving } from './moving.ts'
import { NameError } from './names.ts'
import type { Desk, Place } from './place.ts'
import { following } from './running.ts'
import { always, frame, type State } from './state.ts'
import { heldJobs } from './reach.ts'

/** Loaded when it is first needed. */
const thinking = () => import('./thinking.ts')

/** Facts arrive in bursts; the screens need no more than one change per frame. */
const pace = 25
const nothing: Aim = { kind: 'survey', jobs: [], nodes: [] }
/** Of a cluster with more jobs than this, only the wanted ones are read in full. */
const fewJobs = 60

/** Everything but one fact, so that it is looked at again. */
const without = (fact: FactKey, facts: RawFacts): RawFacts =>
  new Map([...facts].map(([thing, held]) => [thing, new Map([...held].filter(([key]) => key !== fact))]))

export function looking(api: StoreApi<State>, desk: Desk, moves: Moving): Looking {
  const { getState: get, setState: set } = api
  const consent = consents(api)
  let stop = new AbortController()
  const connect = (place: Place): Ask =>
    withHint(place.connect(consent.to), () =>
      place.kind !== 'live' ? '; nobody agreed' : get().silent ? '; you said never to ask' : ' (v asks again)',
    )
  let ask: Ask = connect(desk.place)

  function halt() {
    stop.abort()
    stop = new AbortController()
    consent.drop()
    set({ running: [] })
  }

  /** Runs the loop; facts reach the screens as they come, or, when verifying, at the end, so that nothing jumps. */
  async function run(aim: Aim, before: RawFacts, phase: 'looking' | 'verifying', wished?: 'wished') {
    halt()
    // Who wants it is asked again, whatever was said before.
    if (wished) consent.askAgain(wished)
    const { signal } = stop
    let latest = before
    let timer: NodeJS.Timeout | undefined
    const show = () => {
      timer = undefined
      if (signal.aborted) return
      set({ running: now(), ...(phase === 'looking' ? { facts: latest } : { arriving: latest }) })
    }
    const { progress, now } = following((facts = latest) => {
      latest = facts
      timer ??= setTimeout(show, pace)
    })
    set({ phase, arriving: null, ...(phase === 'looking' ? { facts: before } : {}) })
    const { gather } = await thinking()
    const after = await gather(aim, ask, before, () => get().told, progress, signal, get().wants)
    clearTimeout(timer)
    if (signal.aborted) return
    set({ facts: after, arriving: null, phase: 'idle', running: [] })
    void tryEdits(signal)
  }

  /** Edits of the job files, tried over what was found; shown when they are there. */
  async function tryEdits(signal: AbortSignal) {
    const { aim, facts, told } = get()
    const { pictureOf, triedSteps } = await thinking()
    const seen = pictureOf(get())
    if (!desk.reader || aim === null || !seen) return
    const steps = await triedSteps(seen, { aim, facts, told, ask }, desk.reader)
    if (!signal.aborted && get().facts === facts) set({ mended: { of: facts, steps } })
  }

  async function glance(wanted: readonly { thing: string; fact: string }[], aim: Aim) {
    const { signal } = stop
    if (get().phase === 'idle') set({ phase: 'glancing' })
    const { learn } = await thinking()
    const facts = await learn(wanted, aim, ask, get().facts)
    if (signal.aborted) return
    set((state) => ({
      facts: state.phase === 'glancing' ? facts : state.facts,
      phase: state.phase === 'glancing' ? 'idle' : state.phase,
    }))
  }

  const tell = (change: (told: Told) => Told) =>
    set(({ told, before }) => ({ told: change(told), before: [...before, told] }))

  function enter(place: Place) {
    halt()
    ask = connect(place)
    set({
      place,
      aim: null,
      facts: new Map(),
      told: nothingTold,
      before: [],
      wants: always,
      again: null,
      kin: [],
      phase: 'idle',
    })
  }

  async function lookAt(aim: Aim, told: Told = nothingTold) {
    set({ aim, told, before: [], again: null, kin: [], wants: always })
    await run(aim, get().facts, 'looking')
  }

  async function enterCase(place: Place) {
    enter(place)
    if (!place.story) return
    // Back leads to the list the case was chosen from, with its cursor where it was.
    set(({ stack: [first, ...above] }) => ({
      stack: [first, ...above.filter(({ screen }) => screen === 'cases').slice(-1), frame('walk')],
    }))
    await lookAt(place.story.aim, place.story.told)
  }

  async function reach() {
    if (get().place.kind === 'none') return
    await glance(
      [
        'cluster.nodes',
        'cluster.jobs',
        'cluster.services',
        'cluster.version',
        'cluster.acl',
        'cluster.consul.version',
        'cluster.consul.services',
      ].map((fact) => ({ thing: clusterId, fact })),
      nothing,
    )
  }

  return {
    reach,
    lookAt,
    async readJobs() {
      const jobs = heldJobs(get()).slice(0, fewJobs)
      if (jobs.length === 0 || get().phase !== 'idle') return
      const specs = jobs.map(({ id, namespace }) => ({ thing: jobId(id, namespace), fact: 'job.spec' }))
      await glance(specs, { kind: 'survey', jobs: [...jobs], nodes: [] })
    },
    async verify(fault) {
      const { kinWith, pictureOf, verified } = await thinking()
      const { aim, place } = get()
      if (aim === null) return
      const wanted = fault ?? pictureOf(get())?.report.diagnosis?.fault
      consent.askAgain()
      place.forget()
      const having = kinWith(pictureOf(get()), wanted)
      // Gone already, it is looked for where it was before.
      set(({ again, kin }) => ({ again: wanted ?? null, kin: having.length > 0 || wanted !== again ? having : kin }))
      await run(aim, new Map(), 'verifying')
      moves.notice(verified(get(), wanted))
    },
    async want(fact) {
      const { aim, facts, place, wants } = get()
      if (aim === null) return
      place.forget()
      set({ wants: [...new Set([...wants, fact])] })
      await run(aim, without(fact, facts), 'looking', 'wished')
    },
    async alsoRead(needs) {
      const { aim, facts, wants } = get()
      const fresh = needs.filter((need) => !wants.includes(need))
      if (aim === null || fresh.length === 0) return
      set({ wants: [...wants, ...fresh] })
      await run(aim, facts, 'looking')
    },
    answer: (question, answer) => tell((told) => ({ ...told, answers: { ...told.answers, [question]: answer } })),
    check: (fault, verdict) => tell((told) => ({ ...told, checks: { ...told.checks, [fault]: verdict } })),
    takeBack: () => set(({ before, told }) => ({ told: before.at(-1) ?? told, before: before.slice(0, -1) })),
    draft: (change) => set(({ draft }) => ({ draft: { ...draft, ...change } })),
    async typed(field, text) {
      const { nameCaller, nameSide, wrongPort } = await thinking()
      const { place, draft } = get()
      if (field !== 'port') {
        const name = field === 'from' ? nameCaller : nameSide
        const side = await name(text, { ask, namespace: place.namespace ?? 'default' })
        return side instanceof NameError ? side : { [field]: side }
      }
      const wrong = await wrongPort(text, draft.to, ask)
      return wrong ?? { port: /^\d+$/.test(text) ? Number(text) : text }
    },
    async openCase(dir) {
      const place = await desk.openCase(dir)
      if (typeof place === 'string') return moves.notice(place)
      await enterCase(place)
    },
    enterCase,
    goHome() {
      enter(get().start)
      set({ stack: [frame('home')] })
      void reach()
    },
    consent: consent.answer,
  }
}
