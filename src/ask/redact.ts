import type { Reply, Request } from './request.ts'

/** What stands where a secret was. */
export const redacted = '<secret hidden>'

/** Names whose values are secrets: environment variables, fields of an API, keys of a configuration. */
const telling = String.raw`[\w.-]*(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|(?<![a-z])PASS(?![a-z])|(?<=[_.-])PWD|CREDENTIAL|PRIVATE_?KEY|ACCESS_?KEY|API_?KEY)[\w.-]*`
/** From its first character. */
const name = String.raw`(?<![\w.-])${telling}`
/** They say where or what kind something is, or name an accessor: that is asked about, and no secret. */
const about =
  /(FILE|PATH|DIR|URL|URI|ADDR|ADDRESS|HOST|PORT|NAME|SERVICE|SERVER|ENDPOINT|BACKEND|HEADER|TTL|VERSION|TYPE|PROVIDER|ISSUER|POLICY|TOKEN_?ID)$/i
/** A reference to a value, not the value; and what is dialled, whatever its name. */
const reference =
  /^(\$\{|\{\{|<redacted>$|<secret( hidden>)?$|true$|false$|null$|[a-z][a-z0-9+.-]*:\/\/|\d+(\.\d+){3}(:\d+)?$|[\w.-]+\.consul(:\d+)?$)/

/** How a name and its value stand together: in JSON, in a file inside JSON, in a file, in an environment. */
const pairs = [
  String.raw`("(${name})"\s*:\s*")((?:[^"\\]|\\.)+)`,
  String.raw`((${name})(?:\\")?\s*[=:]\s*\\")((?:[^"\\]|\\[^"])+)`,
  String.raw`((${name})"?\s*[=:]\s*")((?:[^"\\]|\\.)+)`,
  // A default of a variable, an option with its value, a line of YAML, a text over several lines.
  String.raw`(variable\s+\\?"(${name})\\?"\s*\{[^}]*?\bdefault\s*=\s*\\?")((?:[^"\\]|\\[^"])+)`,
  String.raw`(\\?"(?=-)(${name})\\?"\s*,\s*\\?")((?:[^"\\]|\\[^"])+)`,
  String.raw`((?:^|\n|\\n)[ \t]*(?:- )?(${telling}):[ \t]+)([^\s"'\\{]+)`,
  String.raw`((${name})(?:\\?")?\s*[=:]\s*<<-?(?<end>[a-z_]\w*?)(?:\\n|\n))((?:(?!(?:\\n|\n)\s*\k<end>\b)[\s\S])+)`,
  String.raw`((${name})=)([^\s"'\\,;&]+)`,
  // The difference that a plan shows: { "Name": "Env[API_TOKEN]", "New": "…", "Old": "…" }
  String.raw`("Name"\s*:\s*"Env\[(${name})\]"\s*,\s*"New"\s*:\s*")((?:[^"\\]|\\.)+)`,
  String.raw`("Name"\s*:\s*"Env\[(${name})\]"\s*,\s*(?:"New"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*)?"Old"\s*:\s*")((?:[^"\\]|\\.)+)`,
].map((pattern) => new RegExp(pattern, 'gi'))
const telltales = ['token', 'secret', 'pass', 'pwd', 'credential', 'key']
const ofKey = /(private|access|api)_?$/
/** What stands behind a name where a value may follow: the rest of the name and the sign, and the value is not empty. */
const signs = [
  String.raw`(?:\\?")?\s*[=:]\s*(?:"(?!")|\\"(?!\\?")|<<)`,
  String.raw`=[^\s"'\\,;&]`,
  String.raw`:[ \t]+[^\s"'\\{]`,
  String.raw`\\?"\s*\{`,
  String.raw`\]`,
  String.raw`(?<="-[\w.-]*)\\?"\s*,`,
]
const sign = new RegExp(String.raw`([\w.-]*)(?:${signs.join('|')})`, 'y')

/** Whether a text may hold a name with a value. Most hold none, and the search for them takes long. */
export function mayHold(text: string): boolean {
  const lower = text.toLowerCase()
  return telltales.some((word) => {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
      if (word === 'key' && !ofKey.test(lower.slice(Math.max(0, at - 8), at))) continue
      sign.lastIndex = at
      const [, named] = sign.exec(lower) ?? []
      if (named !== undefined && !about.test(named)) return true
    }
    return false
  })
}

/** Any password of an address. */
const userOfUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'\\]*:)([^\s/:@"'\\]+)(?=@)/gi

/** Shorter values, numbers and plain words occur for other reasons, too: as names of jobs, services, files. */
const isTelling = (value: string): boolean => value.length >= 8 && !/^([\d.:]+|[a-z]+([-_./][a-z]+)*)$/.test(value)

/** Takes secrets out of texts; a value once seen as one is taken out wherever it occurs later. */
export interface Redactor {
  readonly text: (text: string) => string
  readonly reply: (reply: Reply) => Reply
  readonly request: (request: Request) => Request
}

export function redactor(): Redactor {
  const known = new Set<string>()
  /** One line of a value, with the blanks around it. */
  const hide = (part: string): string =>
    part.replace(/\S.*\S|\S/, (value) => {
      if (isTelling(value)) known.add(value)
      return redacted
    })
  const text = (given: string): string => {
    let said = given
    if (mayHold(given))
      for (const pattern of pairs)
        said = said.replace(pattern, (all: string, before: string, of: string, ...more: unknown[]) => {
          // The end of a text over several lines is a group of its own.
          const value = String(pattern.source.includes('<end>') ? more[1] : more[0])
          if (about.test(of) || reference.test(value)) return all
          return (
            before +
            value
              .split(/(\\n|\n)/)
              .map((part, i) => (i % 2 === 1 ? part : hide(part)))
              .join('')
          )
        })
    if (said.includes('://')) said = said.replace(userOfUrl, `$1${redacted}`)
    for (const value of known) said = said.replaceAll(value, redacted)
    return said
  }
  return {
    text,
    reply: ({ body, stderr, ...rest }) => ({
      ...rest,
      body: text(body),
      ...(stderr === undefined ? {} : { stderr: text(stderr) }),
    }),
    request: (request) =>
      'body' in request && request.body !== undefined
        ? { ...request, body: JSON.parse(text(JSON.stringify(request.body))) as unknown }
        : request,
  }
}
