import { existsSync } from 'node:fs'
import { readSettings, type Silenced } from '../jobfile/settings.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { nearest } from '../run/nearest.ts'
import { sayError } from '../sources/reply.ts'
import { readText } from '../sources/text-file.ts'
import { UsageError } from './flags.ts'
import { parsers } from './lint-open.ts'

const usual = ['nomad-netdoctor.hcl', 'nomad-netdoctor.json']

/** Of two configurations in this folder one counts. */
export const notRead = (named: string | undefined): readonly string[] =>
  named === undefined && usual.every((one) => existsSync(one))
    ? [`${usual.join(' counts, and ')} beside it is not read`]
    : []

/** The configuration: the file that is named, else the one in this folder. */
export async function settings(named: string | undefined): Promise<readonly Silenced[] | UsageError> {
  const name = named ?? usual.find((one) => existsSync(one))
  if (name === undefined) return []
  let text: string
  try {
    text = await readText(name)
  } catch (error) {
    return new UsageError(`${name}: ${sayError(error)}`)
  }
  const found = await readSettings(name, text, parsers())
  if (typeof found === 'string') return new UsageError(found)
  const unknown = found.find(({ fault }) => !faultById.has(fault))
  if (unknown)
    return new UsageError(
      `${name}: there is no fault "${unknown.fault}"`,
      nearest(unknown.fault, [...faultById.keys()]),
    )
  return found
}
