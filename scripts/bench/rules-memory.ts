// `node scripts/bench/rules-memory.ts N`: reads N rules of iptables, walks a packet through them, and prints the MiB held.
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import { walk } from '../../src/packet/walk/index.ts'
import { host, hostWith } from './rules.ts'

const { text, last } = hostWith(Number(process.argv[2]))
const save = parseIptablesSave(text)
if (!save.ok) throw new Error(save.why)
const topology = { namespaces: { host: { ...host, iptables4: save.value } }, joins: [] }
walk(topology, { namespace: 'host' }, { proto: 'tcp', dst: last, dport: 80 })
console.log(process.resourceUsage().maxRSS / 1024)
