/** Where a client looks for CNI plug-ins and networks, and how a folder's listing reads. */
import { nomad } from '../../ask/nomad.ts'
import type { Ask } from '../../ask/request.ts'
import type { Unknown } from '../../knowledge/fact.ts'
import type { Thing } from '../../knowledge/things.ts'
import { linesOf, onNode } from '../command.ts'
import { map, object, textOr } from '../json.ts'
import { look, Shape, unknown, type Answer } from '../probe.ts'

export type Listed = { readonly folder: string; readonly listing: Answer } | { readonly none: Unknown }

/** A folder, or a list of them, that the client's own configuration names; its default where the client names none. */
export async function folderOf(
  ask: Ask,
  thing: Thing,
  key: string,
  otherwise: string,
): Promise<string | { readonly none: Unknown }> {
  const answer = await look(ask, nomad.nodeAgent(thing.names.node ?? ''))
  if (answer.refusal) return { none: unknown(answer) }
  try {
    const config = object(object(JSON.parse(answer.reply.body))['config'], 'config')
    return textOr(map(config['Client'])[key], '') || otherwise
  } catch {
    return { none: unknown(answer, 'failed', "the agent's configuration cannot be read") }
  }
}

export const listing = async (ask: Ask, thing: Thing, folder: string): Promise<Listed> => ({
  folder,
  listing: await look(ask, onNode(thing, 'ls', '-l', folder)),
})

/** Reads `ls -l`: plain files and links, without folders. A name may hold blanks. */
export function readListing(text: string): readonly { name: string; mode: string; size: number }[] {
  const lines = linesOf(text)
  if (lines.length === 0) throw new Shape('the listing is empty, without its line "total"')
  return lines.slice(1).flatMap((line) => {
    const [, mode = '', size = '', rest = ''] =
      /^(\S{10}\S?)\s+\d+\s+\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\S+\s(.+)$/.exec(line) ?? []
    if (mode === '') throw new Shape(`not a line of ls -l: ${line}`)
    return mode.startsWith('d')
      ? []
      : [{ name: mode.startsWith('l') ? (rest.split(' -> ')[0] ?? rest) : rest, mode, size: Number(size) }]
  })
}
