import type { Held } from '../knowledge/fact.ts'
import { readAgentFile } from '../jobfile/agent.ts'
import { isPart, kindOf, type FileKind } from '../jobfile/kind.ts'
import { machinesOf, type Machine, type Source } from '../probes/agent-file.ts'
import { namespaceRules } from '../probes/namespace-file.ts'
import type { FileProblem } from '../renderers/lint.ts'
import type { Around } from '../run/lint.ts'
import { jobFiles } from '../sources/job-files.ts'
import { UsageError } from './flags.ts'
import { parsers, withNearest } from './lint-open.ts'

/** The files of one `--client A.hcl,B.hcl,net.conflist`. */
export async function clientFiles(given: readonly string[]): Promise<readonly (readonly Source[])[] | UsageError> {
  const groups: Source[][] = []
  for (const group of given) {
    const files: Source[] = []
    for await (const file of jobFiles(group.split(',').filter((one) => one !== ''))) {
      if ('other' in file) continue
      if ('refused' in file) return new UsageError(`--client ${file.name}: ${file.refused}`)
      const kind = kindOf(file.name, file.text)
      if (kind !== 'agent' && kind !== 'cni')
        return new UsageError(`--client ${file.name}: this is neither the configuration of an agent nor a CNI network`)
      files.push(file)
    }
    groups.push(files)
  }
  return groups
}

const of = (kind: FileKind, among: readonly Source[]): readonly Source[] =>
  among.filter(({ name, text }) => kindOf(name, text) === kind)

/** Whatever has a name in the job files: one of them may register what another asks for. */
const namesIn = (files: readonly Source[]): readonly string[] => [
  ...new Set(
    files.flatMap(({ text }) =>
      Array.from(text.matchAll(/(?<!\w)"?name"?[ \t]*[=:][ \t]*"([^"]+)"/gi), ([, name = '']) => name),
    ),
  ),
]

/** What the jobs will meet, with the machines that the clients are made of. */
export interface Met extends Around {
  readonly machines: readonly Machine[]
}

/**
 * What the jobs will meet. Each agent file that is named for itself is one machine, unless it is a mere part of one, and every CNI file that is named for
 * itself is on all of these; a `--client` has just its own files.
 */
export async function around(
  files: readonly Source[],
  clients: readonly (readonly Source[])[],
  jobs: readonly Source[] = [],
): Promise<Met & { readonly problems: readonly FileProblem[] }> {
  const [agents, cni] = [of('agent', files), of('cni', files)]
  const shared = cni.length > 0 ? { cni } : {}
  const alone = agents.length === 0 && cni.length > 0 ? [{ agents: [], cni, part: false }] : []
  const machines = [
    ...agents.map((one) => ({ agents: [one], ...shared, part: isPart(one.text) })),
    ...alone,
    ...clients.map((group) => ({ agents: of('agent', group), cni: of('cni', group), part: false })),
  ]
  const problems: FileProblem[] = []
  const whole: Machine[] = []
  for (const one of machines) {
    const read: Machine['agents'][number][] = []
    for (const file of one.agents) {
      const found = readAgentFile(file.text)
      problems.push(...found.problems.map((problem) => ({ file: file.name, ...withNearest(problem) })))
      if (found.problems.length === 0) read.push({ ...file, read: found })
    }
    const { part, ...machine } = one
    if (read.length === one.agents.length && !part) whole.push({ ...machine, agents: read })
  }
  const namespaces: Held<unknown> | undefined = await namespaceRules(of('namespace', files), parsers())
  return {
    nodes: machinesOf(whole),
    machines: whole,
    problems,
    ...(namespaces ? { namespaces } : {}),
    names: jobs.length > 1 ? namesIn(jobs) : [],
  }
}
