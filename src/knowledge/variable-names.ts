/** What the name of a variable, a flag or a key says of the address it holds. One list for all faults. */

/** Words of a name in small letters: `GF_SERVER_ROOT_URL`, `--corsOrigin`, `next.public.url`. */
export const wordsOfName = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')

/** What the address is for: nobody dials it; somebody's browser does, not the task; that cannot be told; the task does. */
export type Purpose = 'identity' | 'browser' | 'either' | 'dialled'

/** One's own names, names to tell others, names to let in: `SERVER_NAME`, `CERT_SANS`, `ALLOWED_HOSTS`, `NO_PROXY`. */
const identity =
  /^host-?name$|(?:^|-)(?:v-?hosts?|virtual-?hosts?(?:names?)?|helo|ehlo|server-?names?|host-?header|header-?host|common-?name|cn|sans?|sni|subject(?:-?alt(?:ernative)?-?names?)?|alt-?names?|cert(?:ificate)?s?(?:-?names?|-?hosts?|-?domains?)?|tls-?(?:server-?)?names?|letsencrypt|acme|(?:allowed|trusted|accepted|permitted|known|valid|allow)-?(?:hosts?|names?|domains?|proxies)|no-?proxy|non-?proxy-?hosts|cookie-?domain|session-?domain|domains?|fqdn|issuer|iss|audience|aud|realm|(?:service|instance|node|client|app|application|job|group|cluster|self|my|own|machine|container|local)-?(?:host-?)?names?|node-?id|client-?id|hostname-?override|set-?hostname|advertised?|announced?)(?:-|$)/

/** Meant for somebody's browser, or to be compared with what one says. */
const browser =
  /(?:^|-)(?:cors|origins?|csrf|csp|redirect(?:s|-?(?:ur[li]s?))?|callbacks?(?:-?ur[li]s?)?|referr?ers?|post-?logout|logout|(?:root|external|public|frontend|front-?end|web-?ui|ui|site|canonical|home|homepage|landing|link|share|invite|landing-?page|console-?redirect)-?(?:base-?)?(?:ur[li]s?|address|addr|hosts?|endpoint|origin)|public|external|externally|frontend|browser|vite|next-public|react-app|vue-app|nuxt-public|ng-app|gatsby|expo-public|sveltekit-public|storybook|parcel|self-?ur[li]|webroot|wp-home|wp-siteurl)(?:-|$)/

/** As often for the one as for the other: `APP_URL`, `BASE_URL`, `WEBHOOK_URL`; a check asks the task itself. */
const either =
  /^(?:[a-z0-9]+-)?(?:(?:app|base|webapp|website|web|nextauth|auth|domain|server|host|my|own|instance|service)-ur[li]|web-?hooks?(?:-(?:base-)?ur[li])?|nextauth-ur[li])$|(?:^|-)(?:web-?hooks?|health-?checks?|probes?)(?:-|$)/
/** What is one's own, or has to do with it, is dialled as well where it is an address: `ISSUER_URL`, `ACME_SERVER_URL`. */
const dialled = /-(?:url|uri|endpoint|dsn|addr(?:ess)?)s?$/
const told = /(?:^|-)(?:advertised?|announced?|allowed|trusted|no-?proxy)(?:-|$)/

export function purposeOf(name: string): Purpose {
  const words = wordsOfName(name).join('-')
  if (browser.test(words)) return 'browser'
  if (identity.test(words)) return dialled.test(words) && !told.test(words) ? 'either' : 'identity'
  return either.test(words) ? 'either' : 'dialled'
}
