/** What a capture reads out of the answers it gets, to know what to ask next. */
import { renderedPath } from '../ask/rendered.ts'
import type { Reply } from '../ask/request.ts'
import type { CaseSide } from './case-info.ts'

/** What a capture is about; null on both sides means everything. */
export interface CaptureSubject {
  readonly from: CaseSide | null
  readonly to: CaseSide | null
}

export interface Stub {
  readonly ID: string
  readonly Name?: string
  readonly Namespace?: string
  readonly JobID?: string
  readonly TaskGroup?: string
  readonly NodeID?: string
  readonly ClientStatus?: string
  readonly CreateIndex?: number
  readonly TaskStates?: Readonly<Record<string, { readonly State?: string }>> | null
}
export interface ServiceRow {
  readonly Namespace: string
  readonly Services: readonly { readonly ServiceName: string }[]
}

/** The rows of a list that was answered; none otherwise. */
export function list(reply: Reply): readonly unknown[] {
  try {
    const value: unknown = reply.status === 200 ? JSON.parse(reply.body) : []
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
/** The fields of an object that was answered; none otherwise. */
export function fields(reply: Reply): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = reply.status === 200 ? JSON.parse(reply.body) : {}
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The allocations a subject is about, the running and newest first. */
export function choose({ from, to }: CaptureSubject, allocs: readonly Stub[], most: number): readonly Stub[] {
  const sides = [from, to].filter((side) => side !== null)
  const fits = (side: CaseSide, { ID, JobID, TaskGroup, Namespace = 'default' }: Stub): boolean => {
    if (side.alloc !== undefined) return ID.startsWith(side.alloc)
    const job =
      side.job === undefined ||
      (side.job === JobID && (side.namespace ?? 'default') === Namespace && (side.group ?? TaskGroup) === TaskGroup)
    return job && (side.job !== undefined || side.service !== undefined)
  }
  const chosen = sides.length === 0 ? allocs : allocs.filter((stub) => sides.some((side) => fits(side, stub)))
  const rank = ({ ClientStatus, CreateIndex = 0 }: Stub): number =>
    (ClientStatus === 'running' ? 1e15 : 0) + CreateIndex
  return chosen.toSorted((one, other) => rank(other) - rank(one)).slice(0, most)
}

/** File names of `ls -l`. */
export function filesOf(listing: string): string[] {
  const lines = listing.split('\n').map((line) => line.split(/\s+/))
  return lines.flatMap((words) =>
    words.length > 8 && !words[0]?.startsWith('d') && words[8] !== undefined ? [words[8]] : [],
  )
}

/** The ids in rows of docker's own JSON. */
export function idsOf(rows: string): string[] {
  return [...rows.matchAll(/^\{.*?"ID":"([0-9a-f]+)"/gm)].flatMap(([, id]) => id ?? [])
}

interface JobDocument {
  readonly TaskGroups?: readonly {
    readonly Name?: string
    readonly Tasks?:
      | readonly { readonly Name?: string; readonly Templates?: readonly TemplateDocument[] | null }[]
      | null
  }[]
}
interface TemplateDocument {
  readonly DestPath?: string
  readonly EmbeddedTmpl?: string
  readonly LeftDelim?: string
  readonly Envvars?: boolean
}

/** The files that templates of the running tasks wrote, as far as they may be read. */
export function renderedOf(allocation: Readonly<Record<string, unknown>>, running: ReadonlySet<string>): string[] {
  const job = (allocation['Job'] ?? {}) as JobDocument
  const group = job.TaskGroups?.find(({ Name }) => Name === allocation['TaskGroup'])
  return (group?.Tasks ?? []).flatMap(({ Name = '', Templates }) =>
    (running.has(Name) ? (Templates ?? []) : []).flatMap((template) => {
      const { DestPath: destination = '', EmbeddedTmpl = '', LeftDelim, Envvars } = template
      const data = LeftDelim ? EmbeddedTmpl.replaceAll(LeftDelim, '{{') : EmbeddedTmpl
      return Envvars === true ? [] : (renderedPath(Name, { data, destination }) ?? [])
    }),
  )
}
