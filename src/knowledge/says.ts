import type { Fault, Severity } from './fault.ts'

/** What is said of a fault that holds; of a risk also when it is none. */
export const told = (says: string, severity: Severity, fault: Pick<Fault, 'intended'> | undefined): string =>
  severity === 'risks' && fault?.intended !== undefined ? `${says}. All is well ${fault.intended}` : says
