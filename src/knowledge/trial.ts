import type { Trial } from './report.ts'
import type { Outcome } from './shapes/packet.ts'

const met: Readonly<Record<Outcome, string>> = {
  answered: 'is answered',
  refused: 'is refused',
  unreachable: 'is unreachable',
  silent: 'gets no answer',
  unknown: 'ends where nothing was read',
}

/** What the walk says of a command, in one sentence; nothing is claimed where it was not tried. */
export function trialLine(trial: Trial): string {
  if (!trial.tried) return `Not tried on the model: ${trial.because}`
  const { address, before, after, others, left = 0, worse, together = [], upon = 0, besides = [], strayed } = trial
  const same =
    strayed !== undefined && trial.arrives === 'yes'
      ? `${met[after]} by the target, where ${strayed} takes it now`
      : before === after
        ? `still ${met[after]}`
        : `${met[after]}, where it now ${met[before]}`
  const rest =
    worse.length > 0
      ? `${worse.length} would fare worse: ${worse.map(({ what }) => what).join('; ')}`
      : others === 0
        ? 'no other connection was compared'
        : others === 1
          ? 'the other connection that was compared fares no worse'
          : `none of the ${others} other connections that were compared fares worse`
  const steps = together.length === 1 ? 'step' : 'steps'
  const all = [
    ...(together.length === 0 ? [] : [`${steps} ${together.join(', ')}`]),
    ...besides.map((id) => `the cure of ${id}`),
  ]
  const base = upon === 0 ? '' : ` on top of the ${upon === 1 ? 'step' : `${upon} steps`} before it`
  const what = all.length === 0 ? `it${base}` : `it and ${all.join(' and ')} together`
  const more = left === 0 ? '' : `, and ${left} more were not compared`
  return `Tried on the model: with ${what} ${address} ${same}; ${rest}${more}`
}
