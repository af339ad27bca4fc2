/** What the set-up of an allocation's network says when it fails for a known cause: one pattern a fault, and no text fits two. */
const plugin = String.raw`plugin type="([^"]+)" failed \(\w+\): `

export const setupTexts = {
  'cni-plugin-not-runnable': new RegExp(`${plugin}.*?fork/exec ([^\\s:]+): (permission denied|exec format error)`, 's'),
  'cni-spec-version-mismatch': new RegExp(
    `${plugin}.*?incompatible CNI versions; config is "([^"]*)", plugin supports \\[([^\\]]*)\\]`,
    's',
  ),
  'cni-retry-masks-error':
    /container veth name (?:provided )?\("?(\w+)"?\)(?: peer provided \("\w+"\))? already exists/,
  'bridge-config-invalid':
    /(Network has host bits set\. For a subnet mask of length \d+ the network address is [\d.a-f:]+|Network \S+ too small to allocate from|could not add "[^"]+": numerical result out of range|"[^"]+" already exists but is not a bridge)/,
  'iptables-binary-missing': /exec: "(ip6?tables)": executable file not found in \$PATH/,
  'iptables-permission':
    /(Permission denied \(you must be root\)|can't open lock file \/run\/xtables\.lock: Permission denied|iptables[^\n]*: Operation not permitted)/,
  'iptables-match-missing':
    /(Couldn't load (?:match|target) [`'][^'\n]*|Extension \w+ revision \d+ not supported, missing kernel module\?|No chain\/target\/match by that name)/,
  'iptables-nft-unrepresentable': /(table `?'?(\w+)'? is incompatible, use 'nft' tool)/,
  'xtables-lock-contention': /(Another app is currently holding the xtables lock[^\n;]*)/,
  'ipam-leak-reboot': /(\S+) has been allocated to (\S+?), duplicate allocation is not allowed/,
  'netns-create-failed':
    /failed to create network for alloc: ((?:mount --(?:make-rshared|rbind)|failed to connect to docker daemon|error from unshare|failed to (?:bind mount ns|get the current netns)|mkdir |open )[^\n]*)/,
} as const satisfies Readonly<Record<string, RegExp>>

export type SetupFault = keyof typeof setupTexts

/** What a failed set-up says of one cause; null when it says something else, or there was none. */
export const setupSays = (fault: SetupFault, failed: string | null): RegExpExecArray | null =>
  setupTexts[fault].exec(failed ?? '')

/** Whether some fault of its own knows the text. */
export const isKnownSetup = (failed: string): boolean => Object.values(setupTexts).some((words) => words.test(failed))

/** The start of such a text, as events of tasks have it; for examples. */
export const setupFailed = (said: string): string =>
  `failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: failed to configure network: ${said}`
