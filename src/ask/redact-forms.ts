/**
 * What is secret by its form, whatever it is called. `has` is in every text that holds it, in small letters; one that
 * begins with a rare letter is found fastest.
 */
const forms: readonly { readonly has: string; readonly form: RegExp }[] = [
  // Any password of an address.
  { has: '://', form: /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'\\]*:)([^\s/:@"'\\]+)(?=@)/gi },
  {
    has: 'bearer',
    form: /(\b(?:Bearer|BEARER)\s+)(?!tokens?\b|auth\w*\b|realm=|error=|scope=|scheme\b)([\w.~+/-]+=*)/g,
  },
  { has: 'bearer', form: /(\bbearer\s+)((?=\S*\d)[\w.~+/-]{8,}=*)/gi },
  {
    has: 'zation',
    form: /(\bauthorization(?:\\?"|')?\s*[:=]\s*\[?\s*(?:\\?"|')?(?:basic|bearer|token|apikey)\s+)([\w.~+/-]+=*)/gi,
  },
  { has: 'kie: ', form: /(\b(?:set-)?cookie: )((?=[^\n"\\]*=)[^\n"\\]+)/gi },
  { has: 'yj', form: /(\b)(eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*)/g },
  { has: 'key-----', form: /(-----BEGIN [A-Z\d ]*PRIVATE KEY-----)([^"]*?)(?=-----END|"|$)/g },
]

/** The text with each such value as `hide` has it; `lower` is the same in small letters. */
export const hideForms = (text: string, lower: string, hide: (value: string) => string): string =>
  forms.reduce(
    (said, { has, form }) =>
      lower.includes(has) ? said.replace(form, (_, before: string, value: string) => before + hide(value)) : said,
    text,
  )
