/** Attributes in which clouds tell a machine's address outside. */
const outside = /^unique\.platform\.(?:aws\.public-ipv4|gce\.network\..+\.external-ip\..+|azure\..*public.*ip.*)$/

/** Addresses that the provider translates to a client, and that no interface of it has. */
export const translatedAddresses = (attributes: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set(
    Object.entries(attributes)
      .filter(([key]) => outside.test(key))
      .map(([, value]) => value),
  )
