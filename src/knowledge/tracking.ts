import type { Connections } from './shapes/connections.ts'

/** Entries come and go: as good as full is full. */
export const isFull = ({ count, limit }: Connections): boolean => count >= limit * 0.99
