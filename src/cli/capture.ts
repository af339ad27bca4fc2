import { existsSync } from 'node:fs'
import type { Ask } from '../ask/request.ts'
import { spellSide } from '../run/names.ts'
import { reported } from '../run/reported.ts'
import { caseSideOf } from '../run/subject.ts'
import { capture as captureAll } from '../sources/capture.ts'
import { recorder, type Recorder } from '../sources/record.ts'
import { refused } from '../sources/reply.ts'
import {
  commonFlags,
  connectionFlags,
  flagHelp,
  readFlags,
  subjectFlags,
  textOf,
  UsageError,
  type Values,
} from './flags.ts'
import { open, type Opened } from './open.ts'
import { reader } from './reader.ts'
import { subjectFrom } from './subject.ts'
import { tell } from './tell.ts'

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

const noSource: Ask = () => Promise.resolve(refused('not-asked', 'there is no source yet'))

/** Writes a case from a live cluster: everything the diagnosis asks, and the wide standard set around it. */
export async function capture(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, false)
  if (read instanceof UsageError) return read
  const { values } = read
  if (values['help'] === true) return (tell(`${captureHelp}\n`, values), 0)
  const dir = textOf(values, 'output')
  if (dir === undefined) return new UsageError('say where to write the case: -o DIR')
  if (existsSync(dir)) return new UsageError(`-o ${dir}: exists already`)
  let source: Ask = noSource
  const recording = recorder((request) => source(request), dir)
  const opened = await open(values, (chosen) => {
    source = chosen
    return recording.ask
  })
  if (opened instanceof UsageError) return opened
  try {
    return await captureIn(opened, recording, values, dir)
  } finally {
    await recording.abandon()
    await opened.close()
  }
}

async function captureIn(
  opened: Opened,
  recording: Recorder,
  values: Values,
  dir: string,
): Promise<number | UsageError> {
  const { ask, told } = opened
  const subject = await subjectFrom(values, opened)
  if (subject instanceof UsageError) return subject
  await reported({ kind: 'path', subject }, opened, reader)
  const from = caseSideOf(subject.from)
  const to = caseSideOf(subject.to)
  await captureAll(ask, { from, to })
  const { port, symptom, dials } = subject
  const name = `${spellSide(subject.from) ?? 'anybody'} to ${spellSide(subject.to) ?? 'nothing'}`
  const finished = await recording.finish({
    id: dir.replace(/\/+$/, '').split('/').at(-1) ?? 'case',
    title: textOf(values, 'title') ?? name,
    what: textOf(values, 'title') ?? '',
    symptom,
    subject: { from, to, port, ...(dials === undefined ? {} : { dials }) },
    ...(Object.keys(told.answers).length === 0 ? {} : { told: { ...told.answers } }),
  })
  if (typeof finished === 'string') return new UsageError(finished)
  tell(
    `${finished.replies} replies written to ${finished.dir}\nLook at it with: nomad-netdoctor diagnose --case ${finished.dir}\n`,
    values,
  )
  return 0
}
