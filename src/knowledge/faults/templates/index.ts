/** Faults of this area, in the order of their ids. */
import { templateBadServiceFormat } from './template-bad-service-format.ts'
import { templateConsulNoIdentity } from './template-consul-no-identity.ts'
import { templateConsulUnreachable } from './template-consul-unreachable.ts'
import { templateDestinationInvisible } from './template-destination-invisible.ts'
import { templateEnvNoop } from './template-env-noop.ts'
import { templateEnvParseError } from './template-env-parse-error.ts'
import { templateEnvPrecedence } from './template-env-precedence.ts'
import { templateFailedAfterRetries } from './template-failed-after-retries.ts'
import { templateRendezvousTagEmpty } from './template-rendezvous-tag-empty.ts'
import { templateRestartStorm } from './template-restart-storm.ts'
import { templateScriptOrSignalFailed } from './template-script-or-signal-failed.ts'

export const templatesFaults = [
  templateBadServiceFormat,
  templateConsulNoIdentity,
  templateConsulUnreachable,
  templateDestinationInvisible,
  templateEnvNoop,
  templateEnvParseError,
  templateEnvPrecedence,
  templateFailedAfterRetries,
  templateRendezvousTagEmpty,
  templateRestartStorm,
  templateScriptOrSignalFailed,
] as const
