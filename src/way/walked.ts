/** The shapes of a walk, in one place for all that tell it. */
export type { PathNetwork, PathWalk, WalkPlace } from '../knowledge/shapes/walk.ts'
export type { Hop, Outcome, Trace, Tuple, Verdict, Where } from '../packet/walk/index.ts'
