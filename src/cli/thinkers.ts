/** The commands that think about a cluster or a case: loaded together, since nearly all they need is the same. */
export { capture } from './capture.ts'
export { check } from './check.ts'
export { diagnose } from './diagnose.ts'
export { faults } from './faults.ts'
export { path } from './path.ts'
