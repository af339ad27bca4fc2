const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }

/** `1h30m` in nanoseconds, as Go counts; undefined when it is no duration. */
export function duration(text: string): number | undefined {
  if (text === '0') return 0
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.replace(/^[-+]/, '')) return undefined
  const sum = parts.reduce((all, [, count, unit = 's']) => all + Number(count) * (units[unit] ?? 0), 0)
  return text.startsWith('-') ? -sum : sum
}
