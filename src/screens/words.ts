const whys: Readonly<Record<string, string>> = {
  offline: 'not reached',
  denied: 'not allowed',
  'not-found': 'not there',
  unsupported: 'not offered',
  'timed-out': 'no answer in time',
  failed: 'failed',
  'not-recorded': 'not recorded',
  'not-asked': 'not asked',
  'not-evaluable': 'cannot be told',
}
export const whyWord = (why: string): string => whys[why] ?? why

/** `1 step`, `2 steps`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
