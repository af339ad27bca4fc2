import type { Report } from '../knowledge/report.ts'
import { jobId } from '../knowledge/things.ts'
import type { FileJob } from '../probes/job-file.ts'
import { picture, type Picture } from './loop.ts'
import type { RawFacts } from './look.ts'

const nothingTold = { answers: {}, checks: {} }

/** Judges jobs that exist only as files: the same faults over the same facts. What needs a cluster stays unknown. */
export function judgeJobs(jobs: readonly FileJob[], more: RawFacts = new Map()): Picture {
  const facts = new Map(more)
  for (const { id, namespace, held } of jobs) facts.set(jobId(id, namespace), new Map([['job.spec', held]]))
  const aimed = jobs.map(({ id, namespace }) => ({ id, namespace }))
  return picture({ kind: 'survey', jobs: aimed }, facts, nothingTold)
}

/** Several reports as one: there is no diagnosis, only findings. */
export function together(reports: readonly Report[]): Report {
  const sum = (count: (report: Report) => number) => reports.reduce((all, report) => all + count(report), 0)
  return {
    diagnosis: null,
    findings: reports.flatMap(({ findings }) => findings),
    unknown: reports.flatMap(({ unknown }) => unknown),
    steps: [],
    counts: {
      judged: sum(({ counts }) => counts.judged),
      present: sum(({ counts }) => counts.present),
      absent: sum(({ counts }) => counts.absent),
      unknown: sum(({ counts }) => counts.unknown),
    },
  }
}
