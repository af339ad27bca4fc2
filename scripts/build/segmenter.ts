import { loose } from '../../src/components/plain.ts'

const { Segmenter } = Intl

/**
 * `Intl.Segmenter` for the bundle. The real one reads its tables when it is made, which takes as long as starting Node;
 * this one makes it for the first text that is not loose.
 */
export class LateSegmenter {
  readonly #given: ConstructorParameters<typeof Segmenter>
  #made: Intl.Segmenter | undefined
  constructor(...given: ConstructorParameters<typeof Segmenter>) {
    this.#given = given
  }
  segment(input: string): Intl.Segments {
    const { granularity = 'grapheme' } = this.#given[1] ?? {}
    if (granularity === 'grapheme' && loose.test(input)) return new Characters(input)
    return (this.#made ??= new Segmenter(...this.#given)).segment(input)
  }
}

/** Loose text falls into its characters. */
class Characters implements Intl.Segments {
  readonly #input: string
  constructor(input: string) {
    this.#input = input
  }
  containing(index = 0): Intl.SegmentData | undefined {
    const segment = this.#input[index]
    return segment === undefined ? undefined : { segment, index, input: this.#input }
  }
  *[Symbol.iterator](): Intl.SegmentIterator<Intl.SegmentData> {
    const input = this.#input
    for (let index = 0; index < input.length; index++) yield { segment: input[index] ?? '', index, input }
  }
}
