/** Probes that look names up where the source stands. */
import type { AnyProbe } from '../probe.ts'
import { consulDnsPort } from './consul-dns-port.ts'
import { nodeLookups } from './node-lookups.ts'
import { taskLookups } from './task-lookups.ts'

export const nameProbes: readonly AnyProbe[] = [consulDnsPort, nodeLookups, taskLookups]
