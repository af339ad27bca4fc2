import { agentLog } from './agent-log.ts'
import { bridgeFdb } from './bridge-fdb.ts'
import { bridgePorts } from './bridge-ports.ts'
import { cniBinaries } from './cni-binaries.ts'
import { cniConfigs } from './cni-configs.ts'
import { conntrackCounters } from './conntrack-counters.ts'
import { conntrack } from './conntrack.ts'
import { containers } from './containers.ts'
import { dockerNetworks } from './docker-networks.ts'
import { dockerVersion } from './docker-version.ts'
import { hostsFile } from './hosts-file.ts'
import { ip6tablesLegacySave } from './ip6tables-legacy-save.ts'
import { ip6tablesSave } from './ip6tables-save.ts'
import { ipsets } from './ipsets.ts'
import { iptablesLegacySave } from './iptables-legacy-save.ts'
import { iptablesSave } from './iptables-save.ts'
import { links } from './links.ts'
import { listeners } from './listeners.ts'
import { neighbours } from './neighbours.ts'
import { netnsNames } from './netns-names.ts'
import { nftRuleset } from './nft-ruleset.ts'
import { resolvConf } from './resolv-conf.ts'
import { reversePath } from './reverse-path.ts'
import { routes } from './routes.ts'
import { routes6 } from './routes6.ts'
import { routingRules } from './routing-rules.ts'
import { routingRules6 } from './routing-rules6.ts'
import { sysctls } from './sysctls.ts'
import { xfrm } from './xfrm.ts'
import type { AnyProbe } from '../probe.ts'

export const nodeProbes: readonly AnyProbe[] = [
  agentLog,
  bridgeFdb,
  bridgePorts,
  cniBinaries,
  cniConfigs,
  conntrack,
  conntrackCounters,
  containers,
  dockerNetworks,
  dockerVersion,
  hostsFile,
  ip6tablesLegacySave,
  ip6tablesSave,
  ipsets,
  iptablesLegacySave,
  iptablesSave,
  links,
  listeners,
  neighbours,
  netnsNames,
  nftRuleset,
  resolvConf,
  reversePath,
  routes,
  routes6,
  routingRules,
  routingRules6,
  sysctls,
  xfrm,
]
