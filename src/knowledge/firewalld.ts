/** Chains of its iptables backend. What no zone decides comes back to FORWARD, which ends with a REJECT of firewalld. */
const own = /^(FORWARD_(direct|ZONES|IN_ZONES|OUT_ZONES|POLICIES_pre|POLICIES_post)|FWD[IO]?_.+)$/
const zones = /\bFORWARD_((IN|OUT)_)?ZONES\b/

/** What stops a forwarded packet; `jumps` are the chains it came through, or the rules that call them. */
export interface Stopping {
  readonly by: string
  readonly table: string
  readonly chain: string
  readonly jumps: readonly string[]
}

/** Whether firewalld wrote it. */
export const isFirewalld = ({ by, table, chain, jumps }: Stopping): boolean =>
  by === 'nftables'
    ? /(^| )firewalld$/.test(table)
    : table === 'filter' && (own.test(chain) || (chain === 'FORWARD' && jumps.some((jump) => zones.test(jump))))
