/** The kinds of thing this program knows, and how they relate. Data only. */
import type { Why } from './fact.ts'

export const kinds = ['cluster', 'node', 'job', 'group', 'task', 'alloc', 'service', 'path'] as const
export type Kind = (typeof kinds)[number]

/**
 * A to-one relation: the kind's own name (`node` of an allocation), or a side of a path (`source.node`, `target.alloc`).
 */
export type Role = Kind | `source.${Kind}` | `target.${Kind}`

/**
 * One thing. `links`: thing ids by role; null means known to be nobody (a path whose target is not placed has no
 * `target.alloc`), a missing role means not known. `many`: complete lists by kind; a missing list is not known.
 */
export interface Thing {
  readonly id: string
  readonly kind: Kind
  /** How reports name it: `node:c1`, `group:web/api`, `path:checkout/web->orders-api/api`. */
  readonly about: string
  readonly links: Readonly<Partial<Record<Role, string | null>>>
  readonly many: Readonly<Partial<Record<Kind, readonly string[]>>>
  /** What the thing is called in the world: names and ids a probe needs to ask for it. */
  readonly names: Names
  /** It is known from a file alone; nothing of it runs. */
  readonly draft?: true
  /** Why it is not known which things these are: the refusal behind all that would be said of them. */
  readonly unseen?: { readonly why: Why; readonly detail?: string }
}

export interface Names {
  readonly namespace?: string
  readonly job?: string
  readonly group?: string
  readonly task?: string
  readonly alloc?: string
  readonly node?: string
  readonly nodeName?: string
  readonly service?: string
  readonly address?: string
  readonly port?: string | number
  /** Of a path: how the source side is called; absent when nobody is named. */
  readonly caller?: string
  /** Of a path: the address or port the person says the source uses. */
  readonly dials?: string
  /** Of an allocation: the task of it that calls another one of it, as the question says, and that one. */
  readonly calling?: string
  readonly called?: string
}

export const clusterId = 'cluster'
export const nodeId = (node: string): string => `node:${node}`
export const jobId = (job: string, namespace = 'default'): string => `job:${namespace}:${job}`
export const groupId = (job: string, group: string, namespace = 'default'): string =>
  `group:${namespace}:${job}/${group}`
export const taskId = (job: string, group: string, task: string, namespace = 'default'): string =>
  `task:${namespace}:${job}/${group}/${task}`
export const allocId = (alloc: string): string => `alloc:${alloc}`
export const serviceId = (service: string, namespace = 'default'): string => `service:${namespace}:${service}`
