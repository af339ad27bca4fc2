/** The words of a command line as a shell would split simple ones, command by command. */
export interface Command {
  readonly tokens: readonly Token[]
  readonly program: string
  /** The program only calls others: a port among its words is theirs. */
  readonly client: boolean
}
export interface Token {
  readonly raw: string
  /** Without quotes and the marks that end a command. */
  readonly word: string
}

const ends = /^(?:;|&&|\|\|?|&|--|do|done|then|else|fi|until|while|if|!)$/
/** They run what follows. */
const prefixes = /^(?:exec|nohup|sudo|time|env|command|su-exec|gosu|tini|dumb-init|[A-Za-z_]\w*=.*)$/
const tools =
  'psql|pg_(?:isready|dump|dumpall|restore|basebackup)|pgbench|createdb|dropdb|mysql(?:dump|admin|import|check|show|slap)?|mariadb-(?:dump|admin)|(?:redis|valkey|keydb)-(?:cli|benchmark)|mongo(?:sh|dump|restore|export|import)?|cqlsh|clickhouse-client|influx|sqlcmd|ldapsearch|ldapadd|nc|ncat|netcat|telnet|curl|wget|ssh|scp|sftp|autossh|rsync|ftp|lftp|rclone|restic|s3cmd|nslookup|dig|getent|ping6?|wait-?(?:for|4x|on)[\\w-]*|dockerize|mosquitto_(?:sub|pub|rr)|kcat|kafkacat|kafka-(?:topics|console-\\w+|configs|consumer-groups)|nats|etcdctl|rabbitmqadmin|grpcurl|grpc_health_probe|grpc-health-probe|openssl|nmap|wrk|hey|vegeta'
const client = new RegExp(`^(?:${tools})(?:\\.(?:sh|py|exe))?$`)
/** The name of a program without its folder. */
export const base = (word: string): string => word.replace(/^.*\//, '')

/** `program`: what runs the first words, where they do not begin with it. */
export function commandsIn(text: string, program: string | undefined): readonly Command[] {
  const found: Token[][] = [[]]
  const runs = (tokens: readonly Token[], first: boolean): string =>
    first && program !== undefined ? program : (tokens.find(({ word }) => !prefixes.test(word))?.word ?? '')
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    if ((found.at(-1)?.length ?? 0) > 0) found.push([])
    for (const raw of line.split(/\s+/)) {
      const word = raw.replace(/^["'`(]+|["'`,;)]+$/g, '')
      if (word === '' && !ends.test(raw)) continue
      if (ends.test(raw)) found.push([])
      else found.at(-1)?.push({ raw, word })
      // `sh -c` begins a script.
      if (raw.endsWith(';') || (/^-[a-z]*c$/.test(raw) && isShell(program, found.at(-1)))) found.push([])
    }
  }
  return found.map((tokens, i) => {
    const program = runs(tokens, i === 0)
    return { tokens, program, client: isClient(program, tokens) }
  })
}

const shell = /^(?:ba|da|a|z|k)?sh$/
const isShell = (program: string | undefined, tokens: readonly Token[] = []): boolean =>
  [program ?? '', ...tokens.map(({ word }) => word)].some((word) => shell.test(base(word)))

/** `nc -l` waits for others itself. */
const isClient = (program: string, tokens: readonly Token[]): boolean =>
  client.test(base(program)) &&
  !tokens.some(({ word }) => /^(?:-[a-z]*l[a-z]*|--listen)$/.test(word) && /n(?:et)?cat|^nc/.test(base(program)))
