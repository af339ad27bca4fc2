/**
 * What Nomad puts into the fields of a service where its variables stand, as far as the job alone says it. Others are left as
 * they are. Source: client/taskenv/services.go, `InterpolateService`; client/taskenv/env.go, `Builder.setAlloc`.
 */
import { textOr, type Json } from '../json.ts'

export type Names = Readonly<Partial<Record<string, string>>>

/** A namespace or region that is not written is the one the job is submitted to. */
export function namesOf(job: Json): Names {
  const [id, parent] = [textOr(job['ID'], ''), textOr(job['ParentID'], '')]
  // What runs of a periodic or parameterized job is a child with a name of its own.
  const spawns =
    parent === '' && [job['Periodic'], job['ParameterizedJob']].some((one) => one !== null && one !== undefined)
  return kept({
    NOMAD_JOB_ID: spawns ? '' : id,
    NOMAD_JOB_NAME: spawns ? '' : textOr(job['Name'], '') || id,
    NOMAD_JOB_PARENT_ID: parent,
    NOMAD_NAMESPACE: textOr(job['Namespace'], ''),
    NOMAD_REGION: textOr(job['Region'], ''),
  })
}
const kept = (all: Readonly<Record<string, string>>): Names =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))

export const filledIn = (text: string, names: Names): string =>
  text.replaceAll(/\$\{(NOMAD_[A-Z_]+)\}/g, (whole, name: string) => names[name] ?? whole)
