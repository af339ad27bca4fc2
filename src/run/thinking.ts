/** All that thinks, and with it all that is known: more than half of the program, which the first screen does not need. */
export { gather, learn } from './loop.ts'
export { nameCaller, nameSide, wrongPort } from './register.ts'
export { triedSteps } from './mend.ts'
export { pictureOf } from './selectors.ts'
export { kinWith, verified } from './verified.ts'
