import { texts, type Text } from './pasted.ts'

const alloc = 'failed to setup alloc: pre-run hook'

/** What Nomad, docker and Consul put in front of an error, and the texts it is put in front of. */
const chains: readonly (readonly [before: string, of: RegExp])[] = [
  [
    `${alloc} "network" failed: failed to configure networking for alloc: failed to configure network: `,
    /^(?:plugin type=|failed to (?:allocate|set bridge)|could not add|"<device>" already)/,
  ],
  [
    '[WARN]  client.alloc_runner.runner_hook: failed to configure network: alloc_id=<name> err="',
    /^(?:plugin type=|failed to allocate|Another app|Couldn't load match|No chain)/,
  ],
  [`${alloc} "network" failed: failed to create network for alloc: `, /^(?:failed to connect to docker|mount --make)/],
  [`${alloc} "group_services" failed: `, /^(?:invalid port "|invalid service registration)/],
  [
    `${alloc} "group_services" failed: 1 error occurred:\n\t* unable to get address for service "<name>": `,
    /^cannot use address_mode/,
  ],
  ['rpc error: code = Unknown desc = failed to create container: Error response from daemon: ', /^conflicting options/],
  [
    '2026-03-04T05:06:07Z  Driver Failure  Failed to start container <name>: API error (500): ',
    /^(?:Bind for|cannot join)/,
  ],
  [
    'Driver Failure  rpc error: code = Unknown desc = ',
    /^(?:'port_map'|failed to build mount|Port "<name>" not found|Trying to map)/,
  ],
  [
    'Error response from daemon: driver failed programming external connectivity on endpoint <name> (<name>): ',
    /^Bind for/,
  ],
  [
    'Unable to add allocation due to error: failed to configure network manager: ',
    /^(?:hostname |task <name> does not|tasks <name>)/,
  ],
  [
    'Error submitting job: Unexpected response code: 500 (1 error occurred:\n\t* Task group <name> validation failed: 1 error occurred:\n\t* ',
    /^(?:Consul Connect|Static port|Service |Check |Port |tcp checks|expose may)/,
  ],
  [
    'Error during plan: Unexpected response code: 500 (',
    /^(?:Multiple service|error in job mutator|used group network|group "<name>" must)/,
  ],
  [
    '==> Error starting agent: client setup failed: ',
    /^(?:Invalid dynamic|invalid bridge_network|Failed to parse network-interface)/,
  ],
  [
    '==> Error starting agent: client setup failed: fingerprinting failed: ',
    /^(?:Error while detecting|failed to load CNI config file)/,
  ],
  ['[WARN]  agent: (runner) task.hook: alloc_id=<name> ', /^Missing: /],
  [
    '[2026-03-04 05:06:07.890][1][warning][config] [./source/common/config/grpc_stream.h:201] DeltaAggregatedResources ',
    /^gRPC config stream/,
  ],
]

/** The texts as they end a chain of errors. */
export const chained: readonly Text[] = chains.flatMap(([before, of]) =>
  texts.filter(({ text }) => of.test(text)).map(({ text, faults }) => ({ text: `${before}${text}`, faults })),
)
