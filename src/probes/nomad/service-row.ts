import type { ServiceRow } from '../../knowledge/shapes/runtime.ts'
import { number, object, text, textOr, texts } from '../json.ts'

/** One registration of the native catalogue. Source: nomad/structs/service_registration.go. */
export function serviceRow(json: unknown): ServiceRow {
  const row = object(json, 'service')
  return {
    id: text(row['ID'], 'ID'),
    name: text(row['ServiceName'], 'ServiceName'),
    namespace: textOr(row['Namespace'], 'default'),
    alloc: text(row['AllocID'], 'AllocID'),
    node: text(row['NodeID'], 'NodeID'),
    job: text(row['JobID'], 'JobID'),
    address: textOr(row['Address'], ''),
    port: number(row['Port'], 'Port'),
    tags: texts(row['Tags'], 'Tags'),
  }
}

export const rowLine = ({ name, address, port, alloc }: ServiceRow): string =>
  `${name} ${address === '' ? '(no address)' : address}:${port} of allocation ${alloc.slice(0, 8)}`
