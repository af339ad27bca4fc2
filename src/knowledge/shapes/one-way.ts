import type { CniNetwork, Way } from './crossing.ts'

/** A network of the operator whose addresses stay on the packets that the source sends out of its client. */
export interface OneWay {
  readonly network: CniNetwork
  readonly way: Way
  /** The address (host:port) that answers the client of the source and not the source; null where no attempt says so. */
  readonly silent: string | null
}
