import { outcomeMeasured } from './compare.ts'
import type { Result } from './measure.ts'

/** Counts what was asked and what became of it. */
export class Tally {
  readonly #of: string
  readonly #began = performance.now()
  #worlds = 0
  #packets = 0
  #unknown = 0
  #several = 0
  #answered = 0
  #wrong = 0
  readonly #outcomes = new Map<string, number>()
  readonly #reasons = new Map<string, number>()

  constructor(of: string) {
    this.#of = of
  }

  add(results: readonly Result[]): void {
    this.#worlds++
    for (const { measured, traces, wrong } of results) {
      this.#packets++
      const kind = `${traces[0]?.verdict.kind ?? 'no trace'}, ${outcomeMeasured(measured)}`
      this.#outcomes.set(kind, (this.#outcomes.get(kind) ?? 0) + 1)
      if (wrong !== undefined) this.#wrong++
      if (traces.length > 1) this.#several++
      if (measured.answer.state === 'answered') this.#answered++
      const open = traces
        .flatMap(({ verdict, back }) => [verdict, back?.verdict])
        .find((one) => one?.kind === 'unknown')
      if (open?.kind !== 'unknown') continue
      this.#unknown++
      this.#reasons.set(open.because, (this.#reasons.get(open.because) ?? 0) + 1)
    }
  }

  unknownShare = (): number => (this.#packets === 0 ? 0 : this.#unknown / this.#packets)

  /** Of all packets, those for which the walk gives several ways. */
  severalShare = (): number => (this.#packets === 0 ? 0 : this.#several / this.#packets)

  /** Of all packets, those that were answered: where nothing gets through, nothing is compared. */
  answeredShare = (): number => (this.#packets === 0 ? 0 : this.#answered / this.#packets)

  text(): string {
    const seconds = (performance.now() - this.#began) / 1000
    return [
      `\n${this.#of}: ${this.#worlds} cases, ${this.#packets} packets, ${this.#wrong} disagreements, `,
      `${this.#unknown} unknown (${(this.unknownShare() * 100).toFixed(2)} %), `,
      `${(this.severalShare() * 100).toFixed(1)} % with several ways, ${(this.answeredShare() * 100).toFixed(0)} % answered, ${seconds.toFixed(0)} s, `,
      `${((seconds * 100) / Math.max(1, this.#worlds)).toFixed(1)} s per 100 cases\n`,
      `  The walk's verdict and what the caller saw:\n${list(this.#outcomes)}`,
      this.#reasons.size > 0 ? `  Why it is unknown:\n${list(this.#reasons)}` : '',
    ].join('')
  }
}

const list = (map: ReadonlyMap<string, number>): string =>
  [...map]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 30)
    .map(([name, count]) => `    ${count}  ${name}\n`)
    .join('')
