import { gather } from '../run/loop.ts'
import { spellSide } from '../run/names.ts'
import { caseSideOf } from '../run/subject.ts'
import { cached } from '../sources/cache.ts'
import { capture as captureAll } from '../sources/capture.ts'
import { recorder } from '../sources/record.ts'
import { commonFlags, connectionFlags, flagHelp, readFlags, subjectFlags, textOf, UsageError } from './flags.ts'
import { consentOf, reach } from './live.ts'
import { subjectFrom } from './subject.ts'

const { help } = commonFlags
const flags = {
  output: { takes: 'DIR', short: 'o', does: 'the folder to write; it must not exist yet' },
  title: { takes: 'TEXT', does: 'one line that says what is seen' },
  ...subjectFlags,
  help,
  ...connectionFlags,
} as const

export const captureHelp = `nomad-netdoctor capture -o DIR --from NAME --to NAME: write what a diagnosis reads into a recorded case

${flagHelp(flags)}`

/** Writes a case from a live cluster: everything the diagnosis asks, and the wide standard set around it. */
export async function capture(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, false)
  if (read instanceof UsageError) return read
  const { values } = read
  if (values['help'] === true) return (process.stdout.write(`${captureHelp}\n`), 0)
  const dir = textOf(values, 'output')
  if (dir === undefined) return new UsageError('say where to write the case: -o DIR')
  const reached = await reach(values, consentOf(values))
  if (reached instanceof UsageError) return reached
  const recording = recorder(reached.live.ask, dir)
  const cache = cached(recording.ask)
  const told = { answers: {}, checks: {} }
  const opened = {
    kind: 'live',
    where: reached.where,
    ask: cache.ask,
    cache,
    told,
    namespace: textOf(values, 'namespace') ?? (process.env['NOMAD_NAMESPACE'] || 'default'),
    close: reached.live.close,
  } as const
  const subject = await subjectFrom(values, opened)
  if (subject instanceof UsageError) {
    await recording.abandon()
    await opened.close()
    return subject
  }
  await gather({ kind: 'path', subject }, cache.ask, new Map(), () => told)
  const from = caseSideOf(subject.from)
  const to = caseSideOf(subject.to)
  await captureAll(cache.ask, { from, to })
  const { port, symptom, dials } = subject
  const name = `${spellSide(subject.from) ?? 'anybody'} to ${spellSide(subject.to) ?? 'nothing'}`
  const finished = await recording.finish({
    id: dir.replace(/\/+$/, '').split('/').at(-1) ?? 'case',
    title: textOf(values, 'title') ?? name,
    what: textOf(values, 'title') ?? '',
    symptom,
    subject: { from, to, port, ...(dials === undefined ? {} : { dials }) },
  })
  await opened.close()
  if (typeof finished === 'string') return new UsageError(finished)
  process.stdout.write(
    `${finished.replies} replies written to ${finished.dir}\nLook at it with: nomad-netdoctor diagnose --case ${finished.dir}\n`,
  )
  return 0
}
