import type { ListeningPort } from './shapes/port.ts'

/** Where the processes behind a port listen that does not lead to them: open to others, or on loopback where nothing is. */
export const elsewhereOf = ({ others, onLoopback = [] }: Pick<ListeningPort, 'others' | 'onLoopback'>) =>
  others.length > 0 ? { numbers: others, hidden: false } : { numbers: onLoopback, hidden: onLoopback.length > 0 }

/** `8080, 8081`; `8080, on loopback only`. */
export function namedElsewhere(port: Pick<ListeningPort, 'others' | 'onLoopback'>): string {
  const { numbers, hidden } = elsewhereOf(port)
  return `${numbers.join(', ')}${hidden ? ', on loopback only' : ''}`
}
