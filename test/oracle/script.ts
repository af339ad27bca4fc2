import type { Trace, Where } from '../../src/packet/walk/index.ts'
import { outcomeMeasured, told } from './compare.ts'
import type { Result } from './measure.ts'
import type { Mutation, Packet, World } from './world.ts'

/** A world as a person would make it, close to what a shell takes. */
export const scriptOf = ({ backend, cni, mutations }: World): string =>
  [`# ${backend}, ${cni ? "CNI's rules" : 'no rules'}`, ...mutations.map(line)].join('\n')

function line(one: Mutation): string {
  switch (one.kind) {
    case 'docker':
      return `host# rules of Docker ${one.version}`
    case 'setting':
      return `${one.ns}# sysctl -w ${one.key}=${one.value}`
    case 'ip':
      return `${one.ns}# ip ${one.line}`
    case 'listen':
    case 'deaf':
      return `${one.ns}# ${one.kind === 'listen' ? 'listen on' : 'stop'} ${one.proto} ${one.address} ${one.port}${one.v6only ? ' v6only' : ''}${one.device ? ` on ${one.device}` : ''}${one.transparent ? ' transparent' : ''}`
    case 'nft':
      return `${one.ns}# nft -f - <<.\n${one.text}\n.`
    case 'conntrack':
      return `${one.ns}# conntrack ${one.argv.join(' ')}`
    case 'rule':
    case 'chain':
    case 'policy':
    case 'without': {
      const program = `${one.family === 4 ? 'iptables' : 'ip6tables'}${one.other ? '(other backend)' : ''} -t ${one.table}`
      if (one.kind === 'rule') return `${one.ns}# ${program} -A ${one.chain} ${one.rule}   # at ${one.at}/1000`
      if (one.kind === 'policy') return `${one.ns}# ${program} -P ${one.chain} ${one.policy}`
      if (one.kind === 'without') return `${one.ns}# ${program} -D the rule at ${one.at}/1000`
      return [`${program} -N ${one.chain}`, ...one.rules.map((rule) => `${program} -A ${one.chain} ${rule}`)]
        .map((text) => `${one.ns}# ${text}`)
        .join('\n')
    }
  }
}

export const packetText = ({ from, proto, dst, dport, src, mark, uid, size, df, port }: Packet): string =>
  `${from} -> ${proto} ${dst} ${dport}${src ? ` from ${src}` : ''}${port ? ` port ${port}` : ''}${mark ? ` mark ${mark}` : ''}${uid ? ` uid ${uid}` : ''}${size ? ` size ${size}${df === false ? '' : ' df'}` : ''}`

export function resultText({ packet, measured, traces, wrong }: Result): string {
  const { arrived } = measured
  const really = `${outcomeMeasured(measured)} (${told(measured)})${arrived ? `, ${arrived.name} saw ${arrived.peer} ${arrived.peerport} -> ${arrived.local} ${arrived.port}` : ''}`
  return [
    `${packetText(packet)}: ${wrong ?? 'agrees'}`,
    `  really: ${really}`,
    ...traces.map((trace) => traceText(trace)),
  ].join('\n')
}

function traceText({ hops, verdict, tuple, back }: Trace): string {
  const hop = (one: Trace['hops'][number]): string =>
    `    ${placed(one)}: ${one.does} ${one.after.src}->${one.after.dst}:${one.after.dport} mark ${one.mark}`
  const why =
    'because' in verdict
      ? `${verdict.because} at ${placed(verdict.where)}`
      : 'why' in verdict
        ? `${verdict.why} at ${placed(verdict.by)}`
        : 'by' in verdict
          ? placed(verdict.by)
          : verdict.namespace
  return [
    `  walk: ${verdict.kind} (${why}), ${tuple.src} -> ${tuple.dst} ${tuple.dport}`,
    ...hops.map(hop),
    ...(back
      ? [`   back: ${backText(back.verdict)}, ${back.tuple.src} -> ${back.tuple.dst}`, ...back.hops.map(hop)]
      : []),
  ].join('\n')
}

const backText = (verdict: NonNullable<Trace['back']>['verdict']): string =>
  'because' in verdict
    ? `unknown: ${verdict.because} at ${placed(verdict.where)}`
    : 'why' in verdict
      ? `${verdict.kind}: ${verdict.why} at ${placed(verdict.by)}`
      : 'by' in verdict
        ? `${verdict.kind} ${placed(verdict.by)}`
        : `${verdict.kind} ${verdict.namespace}`

const placed = ({ namespace, at, by, table, chain, rule, iif, oif, text }: Where): string =>
  [
    namespace,
    at,
    by === 'kernel' ? '' : by,
    iif ? `in ${iif}` : '',
    oif ? `out ${oif}` : '',
    table,
    chain,
    rule,
    text ? `[${text}]` : '',
  ]
    .filter((part) => part !== '' && part !== undefined)
    .join(' ')
