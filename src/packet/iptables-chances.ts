import { textsOf } from './iptables-module.ts'
import type { Module } from './iptables-module.ts'
import { arity } from './iptables-option.ts'

/** Asks for what no command prints: counters, the time of day, bytes after the header. It may match, or not. */
const chance = (module: string, options: Module['options']): Module => ({
  options,
  read: (list) => (list.length === 0 ? undefined : [{ kind: 'chance', module, text: textsOf(list) }]),
})

const deeds = '--set --rcheck --update --remove'

/** Who was seen lately is not read; to note somebody succeeds always (net/netfilter/xt_recent.c). */
const recent: Module = {
  options: arity([`${deeds} --reap --rttl --rsource --rdest`, 0], ['--seconds --hitcount --name --mask', 1]),
  read: (list) => {
    const deed = list.find(({ name }) => deeds.split(' ').includes(name))
    if (!deed) return undefined
    const sure = deed.name === '--set' ? { sure: !deed.negated } : {}
    return [{ kind: 'chance', module: 'recent', text: textsOf(list), ...sure }]
  },
}

export const chanceModules: Readonly<Record<string, Module>> = {
  recent,
  ...Object.fromEntries(
    Object.entries({
      hashlimit: arity(
        ['--hashlimit --hashlimit-upto --hashlimit-above --hashlimit-burst --hashlimit-mode --hashlimit-name', 1],
        ['--hashlimit-srcmask --hashlimit-dstmask --hashlimit-htable-size --hashlimit-htable-max', 1],
        ['--hashlimit-htable-expire --hashlimit-htable-gcinterval --hashlimit-rate-interval', 1],
        ['--hashlimit-rate-match', 0],
      ),
      connlimit: arity(
        ['--connlimit-upto --connlimit-above --connlimit-mask', 1],
        ['--connlimit-saddr --connlimit-daddr', 0],
      ),
      connbytes: arity(['--connbytes --connbytes-mode --connbytes-dir', 1]),
      time: arity(
        ['--timestart --timestop --datestart --datestop --monthdays --weekdays', 1],
        ['--kerneltz --contiguous --localtz --utc', 0],
      ),
      string: arity(['--string --hex-string --algo --from --to', 1], ['--icase', 0]),
      u32: arity(['--u32', 1]),
      bpf: arity(['--bytecode --object-pinned', 1]),
      quota: arity(['--quota', 1]),
      cgroup: arity(['--cgroup --path', 1]),
    }).map(([name, options]) => [name, chance(name, options)]),
  ),
}
