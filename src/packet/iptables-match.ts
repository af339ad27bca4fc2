export interface PortRange {
  readonly from: number
  readonly to: number
}

/** A condition of a rule. `text` is the option as written; all conditions of a rule must hold. */
export type Match = Condition & { readonly text: string }

type Not = { readonly negated: boolean }
export type Condition =
  | (Not & { readonly kind: 'src' | 'dst'; readonly cidr: string })
  | (Not & { readonly kind: 'proto'; readonly proto: string })
  /** With `wildcard` any name that begins with `name` matches (written `tun+`). */
  | (Not & { readonly kind: 'in' | 'out'; readonly name: string; readonly wildcard: boolean })
  | (Not & { readonly kind: 'fragment' })
  | (Not & { readonly kind: 'sport' | 'dport'; readonly ports: PortRange })
  | (Not & {
      readonly kind: 'multiport'
      readonly side: 'source' | 'destination' | 'either'
      readonly ports: readonly PortRange[]
    })
  /** `-m conntrack --ctstate` and `-m state`; the states may include DNAT and SNAT. */
  | (Not & { readonly kind: 'ctstate'; readonly states: readonly string[] })
  /** The other options of `-m conntrack`: ctdir, ctorigdst, ctorigdstport, ctproto, ctstatus, … */
  | (Not & { readonly kind: 'conntrack'; readonly field: string; readonly value: string })
  /** `limit`: only the addresses of the incoming or outgoing device count. */
  | (Not & {
      readonly kind: 'addrtype'
      readonly side: 'src' | 'dst'
      readonly types: readonly string[]
      readonly limit?: 'in' | 'out'
    })
  | (Not & { readonly kind: 'mark' | 'connmark'; readonly value: number; readonly mask: number })
  | { readonly kind: 'comment'; readonly comment: string }
  /** Of the flags in `mask` exactly those in `set` are set. */
  | (Not & { readonly kind: 'tcp-flags'; readonly mask: readonly string[]; readonly set: readonly string[] })
  | (Not & { readonly kind: 'icmp-type'; readonly type: string })
  | (Not & { readonly kind: 'set'; readonly set: string; readonly sides: readonly string[] })
  | { readonly kind: 'limit'; readonly rate: string; readonly burst?: number }
  | (Not & {
      readonly kind: 'statistic'
      readonly mode: string
      readonly probability?: number
      readonly every?: number
    })
  /** What it asks for no command prints; `sure` where it holds, or does not, whatever that is. */
  | { readonly kind: 'chance'; readonly module: string; readonly sure?: boolean }
  | (Not & { readonly kind: 'physdev'; readonly field: string; readonly name?: string })
  | (Not & { readonly kind: 'owner'; readonly field: string; readonly value?: string })
  | (Not & { readonly kind: 'pkttype'; readonly type: string })
  | (Not & { readonly kind: 'iprange'; readonly side: 'src' | 'dst'; readonly from: string; readonly to: string })
  /** A number in the header, both ends included; `length` is that of the IP packet in bytes. */
  | (Not & {
      readonly kind: 'field'
      readonly field: 'ttl' | 'dscp' | 'length'
      readonly from: number
      readonly to: number
    })
  /** Whether IPsec has a part in it: `none` where it has not. */
  | (Not & { readonly kind: 'policy'; readonly none: boolean })
  /** Negated: `--invert`. `mark`: the way back is looked up with the packet's mark. */
  | (Not & { readonly kind: 'rpfilter'; readonly loose: boolean; readonly mark: boolean; readonly local: boolean })
  | (Not & { readonly kind: 'mac'; readonly mac: string })
  /** A module or option this parser does not know: the rule may or may not match. */
  | { readonly kind: 'unknown'; readonly module: string }
