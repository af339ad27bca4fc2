/** Evaluations, and what the scheduler says about groups it could not place. Source: nomad/structs/structs.go, `AllocMetric`. */
import type { Evaluation, PlacementFailure } from '../../knowledge/shapes/runtime.ts'
import { map, number, numberOr, object, text, textOr, type Json } from '../json.ts'

export function evaluation(json: unknown): Evaluation {
  const one = object(json, 'evaluation')
  const blocked = textOr(one['BlockedEval'], '')
  return {
    id: text(one['ID'], 'ID'),
    status: text(one['Status'], 'Status'),
    triggeredBy: textOr(one['TriggeredBy'], ''),
    statusDescription: textOr(one['StatusDescription'], ''),
    createIndex: number(one['CreateIndex'], 'CreateIndex'),
    modifyIndex: numberOr(one['ModifyIndex'], numberOr(one['CreateIndex'], 0)),
    jobModifyIndex: numberOr(one['JobModifyIndex'], 0),
    ...(blocked === '' ? {} : { blockedEval: blocked }),
    failed: failures(one['FailedTGAllocs']),
    queued: counts(one['QueuedAllocations'], 'QueuedAllocations'),
  }
}

/** By group name. */
export const failures = (value: unknown): Readonly<Record<string, PlacementFailure>> =>
  Object.fromEntries(
    Object.entries(map(value, 'FailedTGAllocs')).map(([group, metric]) => [group, failure(object(metric, group))]),
  )

const failure = (metric: Json): PlacementFailure => ({
  nodesEvaluated: numberOr(metric['NodesEvaluated'], 0),
  nodesFiltered: numberOr(metric['NodesFiltered'], 0),
  nodesExhausted: numberOr(metric['NodesExhausted'], 0),
  nodesInPool: numberOr(metric['NodesInPool'], 0),
  constraintFiltered: counts(metric['ConstraintFiltered'], 'ConstraintFiltered'),
  classFiltered: counts(metric['ClassFiltered'], 'ClassFiltered'),
  dimensionExhausted: counts(metric['DimensionExhausted'], 'DimensionExhausted'),
})

const counts = (value: unknown, where: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(map(value, where)).map(([reason, count]) => [reason, number(count, `${where} ${reason}`)]),
  )

/** The reasons in the words of `nomad job status`, as evidence. */
export function failureLines(group: string, failed: PlacementFailure): string {
  return [
    `group ${group}: ${failed.nodesEvaluated} nodes evaluated, ${failed.nodesFiltered} filtered, ${failed.nodesExhausted} exhausted`,
    ...Object.entries(failed.constraintFiltered).map(
      ([reason, count]) => `  Constraint "${reason}": ${count} nodes excluded by filter`,
    ),
    ...Object.entries(failed.dimensionExhausted).map(
      ([reason, count]) => `  Dimension "${reason}" exhausted on ${count} nodes`,
    ),
  ].join('\n')
}
