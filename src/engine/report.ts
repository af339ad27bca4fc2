import { causeIn } from '../knowledge/causes.ts'
import { once, partsOf } from '../knowledge/counted.ts'
import type { World } from '../knowledge/fact.ts'
import type { Fault, Severity } from '../knowledge/fault.ts'
import { fixOf, placedOn } from '../knowledge/fix.ts'
import { printed } from '../knowledge/evidence.ts'
import { locationFor } from '../knowledge/place-guess.ts'
import { told } from '../knowledge/says.ts'
import type { Finding, Report, ReportStep } from '../knowledge/report.ts'
import { shareOf } from '../knowledge/share.ts'
import type { Verdict } from '../knowledge/verdict.ts'
import type { Step, Walked } from '../knowledge/walked.ts'

type Present = Verdict & { verdict: 'present' }

/** Joins the walk and the survey: the diagnosis, everything else present, what is unknown and how to settle it. */
export function report(
  faults: ReadonlyMap<string, Fault>,
  verdicts: readonly Verdict[],
  walked: Walked,
  world: World,
  order: readonly string[],
): Report {
  const present = verdicts.filter((one) => one.verdict === 'present')
  const unknown = verdicts.filter((one) => one.verdict === 'unknown')
  const walkedAt = new Map(walked.steps.map((step, index) => [step.kind === 'rung' ? step.fault : '', index]))
  const rank = (id: string): number => walkedAt.get(id) ?? 1000 + order.indexOf(id)
  const ranked = present.toSorted((a, b) => rank(a.fault) - rank(b.fault))
  const causeOf = causeIn(ranked, faults, world)
  const candidates = ranked.filter((one) => !one.beside && causeOf(one) === undefined)
  const chosen =
    candidates.find(({ severity, by }) => severity === 'breaks' && by !== 'told') ??
    candidates.find(({ severity }) => severity === 'breaks') ??
    candidates.find(({ severity }) => severity === 'degrades')
  const findings = once(ranked.toSorted((a, b) => grade(a, chosen) - grade(b, chosen))).flatMap((verdict) =>
    partsOf(verdict).map((one) => finding(one, faults, causeOf(verdict), world)),
  )
  const open = once(unknown).toSorted((a, b) => rank(a.fault) - rank(b.fault))
  const absent = verdicts.length - present.length - unknown.length
  return {
    diagnosis: chosen ? diagnosis(chosen, present, world) : null,
    findings,
    unknown: open.map(({ fault, about, because, risk, beside }) => ({
      id: fault,
      about,
      because,
      settle: faults.get(fault)?.byHand ?? '',
      ...(risk ? { risk } : {}),
      ...(beside ? { aside: true as const } : {}),
    })),
    steps: walked.steps.map((taken) => ({
      ...step(taken),
      ...(walked.open.includes(taken) ? { open: true as const } : {}),
    })),
    // Counted is what is listed.
    counts: {
      judged: findings.length + absent + open.length,
      present: findings.length,
      absent,
      unknown: open.length,
    },
  }
}

const diagnosis = (chosen: Present, present: readonly Present[], world: World): Report['diagnosis'] => ({
  fault: chosen.fault,
  about: chosen.about,
  sentence: chosen.says,
  instances: shareOf(chosen, present, world),
})

const severities: readonly Severity[] = ['breaks', 'degrades', 'risks']
const grade = (verdict: Present, chosen: Present | undefined): number =>
  verdict === chosen ? -1 : severities.indexOf(verdict.severity)

function finding(
  verdict: Present,
  faults: ReadonlyMap<string, Fault>,
  cause: Present | undefined,
  world: World,
): Finding {
  const fault = faults.get(verdict.fault)
  const rule = verdict.foretold ? fault?.foretold : fault
  const location = locationFor(verdict, world)
  return {
    id: verdict.fault,
    about: verdict.about,
    verdict: 'present',
    severity: verdict.severity,
    sentence: told(verdict.says, verdict.severity, fault),
    evidence: verdict.evidence.map(printed),
    ...(location ? { location } : {}),
    ...(cause ? { explainedBy: cause.fault, explainedByAbout: cause.about } : {}),
    fix: placedOn(verdict.fix ?? (rule ? fixOf(rule, verdict) : []), world.things.get(verdict.thing)),
    doc: `docs/faults/${verdict.fault}.md`,
  }
}

function step(taken: Step): ReportStep {
  if (taken.kind === 'question') {
    const { question, answer, by, because, differs } = taken
    const evidence = taken.evidence.map(printed)
    const more = { ...(differs === undefined ? {} : { told: differs }), ...(because ? { because: [because] } : {}) }
    return { question: question.id, answer, by, evidence, ...more }
  }
  const seen = taken.judged && taken.judged.verdict !== 'unknown' ? taken.judged.evidence.map(printed) : []
  return { fault: taken.fault, verdict: taken.verdict, by: taken.by, evidence: seen }
}
