/** A flag or variable that cannot be used: which one, and why. */
export class OptionError {
  readonly setting: string
  readonly message: string
  constructor(setting: string, said: string) {
    this.setting = setting
    this.message = `${setting}: ${said}`
  }
}

/** A text from a flag, else from a variable, with the name to blame; an empty one counts as not set. */
export interface Setting {
  readonly name: string
  readonly value: string
}
