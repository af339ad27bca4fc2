import { hideForms } from './redact-forms.ts'
import type { Reply, Request } from './request.ts'

/** What stands where a secret was. */
export const redacted = '<secret hidden>'

/** Names whose values are secrets: environment variables, fields of an API, keys of a configuration. */
const words = String.raw`TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|(?<![a-z])(?:PG|DB|SSH|SQL)?PASS(?![a-z])|(?<=[_.-])PWD|CREDENTIAL|JWT|(?:PRIVATE|ACCESS|API)_?KEY`
const telling = String.raw`[\w.-]*(?:${words}|SESSION|COOKIE)[\w.-]*`
/** Sessions and cookies are spoken of in many ways; where they stand in capitals, it is a variable of an environment. */
const certain = new RegExp(words, 'i')
const isVariable = (of: string): boolean => certain.test(of) || /^[A-Z\d_]+$/.test(of)
/** From its first character. */
const name = String.raw`(?<![\w.-])${telling}`
/** They say where or what kind something is, or name an accessor: that is asked about, and no secret. */
const about =
  /(FILE|PATH|DIR|URL|URI|ADDR|ADDRESS|HOST|PORT|NAME|SERVICE|SERVER|ENDPOINT|BACKEND|HEADER|TTL|VERSION|TYPE|PROVIDER|ISSUER|POLICY|TOKEN_?ID|STORE|DRIVER|MODE|DOMAIN|TIMEOUT|LIFETIME|AGE|COUNT|SIZE|AFFINITY|SECURE|SAMESITE|HTTPONLY)$/i
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
const telltales = ['token', 'secret', 'pass', 'pwd', 'credential', 'jwt', 'key']
const variables = ['SESSION', 'COOKIE']
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
export function mayHold(text: string, lower: string = text.toLowerCase()): boolean {
  return telltales.some((word) => isNamed(lower, word)) || variables.some((word) => isNamed(text, word))
}

function isNamed(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (word === 'key' && !ofKey.test(text.slice(Math.max(0, at - 8), at))) continue
    sign.lastIndex = at
    const [, named] = sign.exec(text) ?? []
    if (named !== undefined && !about.test(named)) return true
  }
  return false
}

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
  const hideLines = (value: string): string =>
    value
      .split(/(\\n|\n)/)
      .map((part, i) => (i % 2 === 1 ? part : hide(part)))
      .join('')
  const text = (given: string): string => {
    let said = given
    const lower = given.toLowerCase()
    if (mayHold(given, lower))
      for (const pattern of pairs)
        said = said.replace(pattern, (all: string, before: string, of: string, ...more: unknown[]) => {
          // The end of a text over several lines is a group of its own.
          const value = String(pattern.source.includes('<end>') ? more[1] : more[0])
          if (about.test(of) || reference.test(value) || !isVariable(of)) return all
          return before + hideLines(value)
        })
    said = hideForms(said, lower, hideLines)
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
