/** What the texts of a job say before anything runs: read from arguments, environment and templates, never from sockets. */
import type { At } from '../place.ts'
import type { PortSpec, ServiceSpec } from './job.ts'
import type { PortWay } from './port.ts'

/** A place a task says it listens on. */
export interface Said {
  readonly task: string
  /** As written, brackets taken away; '' where only a port is named, or every address: `0.0.0.0`, `::`. */
  readonly host: string
  /** Absent where it is a variable, or only the address is named. */
  readonly port?: number
  /** The network variable of Nomad that stands for the port: its label. */
  readonly label?: string
  /** That variable is the port outside, NOMAD_HOST_PORT, and not the one inside. */
  readonly outside?: true
  /** What it is for besides listening, in small letters: `metrics` of `--metrics-listen-addr`; '' when nothing more is said. */
  readonly what: string
  readonly udp: boolean
  /** `image`: nothing is written, and this is what the image is known to do. */
  readonly by: 'text' | 'image'
  /** `args of task web`, `env LISTEN of task web`. */
  readonly from: string
  readonly at: At
}
/** A place a task says it calls. */
export interface Called {
  readonly task: string
  readonly host: string
  readonly port: number
  /** The number stands in a word of its own, beside that of the host: `PGPORT`. */
  readonly apart?: { readonly name: string; readonly at: At }
  readonly from: string
  /** The text it stands in, as far as its own line goes. */
  readonly text: string
  readonly at: At
}
/** A port as its group declares it: who would lead packets to it, and where its process has to listen. */
export interface DeclaredPort extends Pick<PortWay, 'label' | 'mapper' | 'namespace'> {
  readonly port: PortSpec
  /** The number the process must listen on; absent where the scheduler chooses it. */
  readonly inside?: number
  /** Tasks that may serve it. */
  readonly servers: readonly string[]
  /** Nothing in the job gives it to a task, and the group has a proxy of the mesh, which serves more than the job file says. */
  readonly proxied?: true
  /** A service is registered on it. */
  readonly service?: string
}
/** A service that is registered with a loopback address. */
export type LoopbackService =
  /** It says the address itself. */
  | { readonly name: string; readonly service: ServiceSpec }
  /** Its port is of the default network, which is this device on every client. */
  | { readonly name: string; readonly port: DeclaredPort; readonly device: string }
