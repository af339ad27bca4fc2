/** Why a command was not tried. `part`: words of it that nobody here understands, whatever it is run on. */
export interface Refused {
  readonly not: string
  readonly part?: string
}

export const strange = (part: string, not: string | undefined = `${part} is not modelled`): Refused => ({ not, part })
