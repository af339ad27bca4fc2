/** Faults of this area, in the order of their ids. */
export const meshFaults = [] as const
