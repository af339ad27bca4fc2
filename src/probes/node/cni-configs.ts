import { lookAll, onNode } from '../command.ts'
import { fromText, probe, type Answer } from '../probe.ts'
import { folderOf, listing, readListing, type Listed } from './cni-folders.ts'

interface Raw {
  readonly found: Listed
  readonly texts: readonly (readonly [name: string, answer: Answer])[]
}

/** Files in the folder where this client looks for CNI networks (`cni_config_dir`), with the text of those it reads. */
export const cniConfigs = probe({
  id: 'cni-configs',
  about: 'node',
  title: 'CNI networks on the client',
  provides: ['node.cni.configs'],
  given: [],
  cost: 'free',
  read: async (ask, thing): Promise<Raw> => {
    const folder = await folderOf(ask, thing, 'CNIConfigDir', '/opt/cni/config')
    const found = typeof folder === 'string' ? await listing(ask, thing, folder) : folder
    if ('none' in found || found.listing.refusal) return { found, texts: [] }
    const read = namesIn(found.listing.reply.body).filter((name) => /\.(conflist|conf|json)$/.test(name))
    const answers = await lookAll(
      ask,
      read.map((name) => onNode(thing, 'cat', `${found.folder}/${name}`)),
    )
    return { found, texts: answers.map((answer, i) => [read[i] ?? '', answer]) }
  },
  parse: ({ found, texts }) => {
    if ('none' in found) return { 'node.cni.configs': found.none }
    const { folder, listing: answer } = found
    const textOf = new Map(
      texts.flatMap(([name, { refusal, reply }]) => (refusal ? [] : [[name, reply.body] as const])),
    )
    return {
      'node.cni.configs': fromText('cni-configs', answer, (body) => {
        const files = readListing(body).map(({ name }) => {
          const text = textOf.get(name)
          return text === undefined ? { name } : { name, text }
        })
        return [files, `${folder}:\n${body}`]
      }),
    }
  },
})

/** Names in a listing; none where it cannot be read: parsing it says why. */
function namesIn(body: string): readonly string[] {
  try {
    return readListing(body).map(({ name }) => name)
  } catch {
    return []
  }
}
