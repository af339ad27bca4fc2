import { allocConnections } from './alloc-connections.ts'
import { allocEnv } from './alloc-env.ts'
import { allocHostsFile } from './alloc-hosts-file.ts'
import { allocIp6tables } from './alloc-ip6tables.ts'
import { allocIptables } from './alloc-iptables.ts'
import { allocLinks } from './alloc-links.ts'
import { allocListeners } from './alloc-listeners.ts'
import { allocNeighbours } from './alloc-neighbours.ts'
import { allocNft } from './alloc-nft.ts'
import { allocResolvConf } from './alloc-resolv-conf.ts'
import { allocRoutes } from './alloc-routes.ts'
import { allocRoutes6 } from './alloc-routes6.ts'
import { allocRules } from './alloc-rules.ts'
import { allocRules6 } from './alloc-rules6.ts'
import { allocSysctls } from './alloc-sysctls.ts'
import { allocXfrm } from './alloc-xfrm.ts'
import { pathAttempts } from './path-attempts.ts'
import { pathCapture } from './path-capture.ts'
import type { AnyProbe } from '../probe.ts'

export const workloadProbes: readonly AnyProbe[] = [
  allocConnections,
  allocEnv,
  allocHostsFile,
  allocIp6tables,
  allocIptables,
  allocLinks,
  allocListeners,
  allocNeighbours,
  allocNft,
  allocResolvConf,
  allocRoutes,
  allocRoutes6,
  allocRules,
  allocRules6,
  allocSysctls,
  allocXfrm,
  pathAttempts,
  pathCapture,
]
