import { exitCode } from '../knowledge/exit-code.ts'
import { reported } from '../run/reported.ts'
import { commonFlags, connectionFlags, flagHelp, readFlags, subjectFlags, UsageError, type Values } from './flags.ts'
import { open, type Opened } from './open.ts'
import { formatOf, frameOf, print, type Format } from './print.ts'
import { reader } from './reader.ts'
import { subjectFrom } from './subject.ts'
import { tell } from './tell.ts'

const flags = { ...subjectFlags, ...commonFlags, ...connectionFlags }

export const diagnoseHelp = `nomad-netdoctor diagnose --from NAME --to NAME [--port PORT]: why can A not reach B, and what to change

${flagHelp(flags)}

Exit codes: 0 nothing wrong found · 1 a diagnosis · 2 wrong usage or unreadable input · 3 undetermined`

/** One diagnosis, printed. */
export async function diagnose(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, false)
  if (read instanceof UsageError) return read
  const { values } = read
  if (values['help'] === true) return (tell(`${diagnoseHelp}\n`, values), 0)
  const format = formatOf(values)
  if (format instanceof UsageError) return format
  const opened = await open(values)
  if (opened instanceof UsageError) return opened
  try {
    return await diagnoseIn(opened, values, format)
  } finally {
    await opened.close()
  }
}

async function diagnoseIn(opened: Opened, values: Values, format: Format): Promise<number | UsageError> {
  const subject = await subjectFrom(values, opened)
  if (subject instanceof UsageError) return subject
  const aim = { kind: 'path', subject } as const
  const report = await reported(aim, opened, reader)
  const frame = frameOf(opened, subject)
  print(report, frame, format, values)
  return exitCode(report)
}
