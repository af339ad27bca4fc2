/** Follows packets through network namespaces as the kernel does. Knows nothing of who runs there. */
export { parseIpSets } from './ipset.ts'
export { namespaceFrom } from './namespace.ts'
export { outcomeOf } from './outcome.ts'
export type * from './types.ts'
export { routeTo } from './route-to.ts'
export { walk } from './walk.ts'
