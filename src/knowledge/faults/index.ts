/** Every fault the program knows. */
import type { Fault } from '../fault.ts'
import { bridgeFaults } from './bridge/index.ts'
import { discoveryFaults } from './discovery/index.ts'
import { dockerFaults } from './docker/index.ts'
import { groupsFaults } from './groups/index.ts'
import { meshFaults } from './mesh/index.ts'
import { placementFaults } from './placement/index.ts'
import { portsFaults } from './ports/index.ts'
import { templatesFaults } from './templates/index.ts'

const all = [
  ...placementFaults,
  ...portsFaults,
  ...dockerFaults,
  ...bridgeFaults,
  ...groupsFaults,
  ...discoveryFaults,
  ...templatesFaults,
  ...meshFaults,
] as const

export type FaultId = (typeof all)[number]['id']
export const faultList: readonly Fault[] = all
/** Every rule: of each fault its own, and the one for things that exist only as files. */
export const ruleList: readonly Fault[] = faultList.flatMap((fault) =>
  fault.foretold ? [fault, fault.foretold] : [fault],
)
/** By area: the folder its file is in. */
export const faultsByArea: Readonly<Record<string, readonly Fault[]>> = {
  placement: placementFaults,
  ports: portsFaults,
  docker: dockerFaults,
  bridge: bridgeFaults,
  groups: groupsFaults,
  discovery: discoveryFaults,
  templates: templatesFaults,
  mesh: meshFaults,
}
export const faultById: ReadonlyMap<string, Fault> = new Map(faultList.map((fault) => [fault.id, fault]))
