import type { Outcome, Trace, Verdict } from './types.ts'

/** What the caller sees of a trace: of connect() for TCP, of a question and its answer for UDP. */
export function outcomeOf({ verdict, back, tuple }: Trace): Outcome {
  if (verdict.kind === 'unknown') return 'unknown'
  // What nobody answers the call itself may have failed.
  const untold = 'fails' in verdict && verdict.fails ? 'unreachable' : 'silent'
  const told = toldBy(verdict, tuple.proto === 'udp')
  if (told === 'silent') return untold
  if (!back || back.verdict.kind === 'unknown') return 'unknown'
  return back.verdict.kind === 'returned' ? told : untold
}

function toldBy(verdict: Verdict, udp: boolean): Outcome {
  switch (verdict.kind) {
    case 'delivered':
      return 'answered'
    case 'refused':
      return 'refused'
    case 'rejected':
      if (/port-unreach|tcp-reset/.test(verdict.with)) return 'refused'
      // A UDP socket is told of these only when it asked for all errors (net/ipv4/icmp.c, icmp_err_convert).
      return udp && /^icmp[x6v]*-(net-unreach|host-unreach|no-route|addr-unreach)/.test(verdict.with)
        ? 'silent'
        : 'unreachable'
    case 'unreachable':
      // The same for errors that come from the way; the kernel's own refusal to send is always told.
      if (!udp || verdict.how === 'prohibit' || verdict.how === 'too-big') return 'unreachable'
      return verdict.how === 'neighbour' || verdict.by.iif !== undefined ? 'silent' : 'unreachable'
    case 'looped':
      return udp ? 'silent' : 'unreachable'
    case 'dropped':
      return 'silent'
    case 'unknown':
      return 'unknown'
  }
}

/** Who takes the packet in place of those who may: the first one of several ways. */
export function strayOf(
  traces: readonly Trace[],
  meant: readonly string[] | undefined,
): Extract<Verdict, { kind: 'delivered' }> | undefined {
  const ends = traces.map(({ verdict }) => verdict)
  return ends.find((one) => one.kind === 'delivered' && meant?.includes(one.namespace) === false) as
    | Extract<Verdict, { kind: 'delivered' }>
    | undefined
}
