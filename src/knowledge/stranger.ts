/** Stand for a machine far away (RFC 5737, RFC 3849): what a rule says about them, it says about strangers. */
export const stranger = { 4: '203.0.113.77', 6: '2001:db8::77' } as const

/** The address of a caller; one that was made up, and stands for anybody, is said to be. */
export const callerWords = (address: string, anyone?: true): string =>
  address === stranger[4] || address === stranger[6]
    ? `${address} (anywhere outside)`
    : anyone
      ? `${address} (anybody near)`
      : address
