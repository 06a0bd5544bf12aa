/** Every command by its name. */
import CaptureAudit from "./capture/audit.ts"
import CaptureBpf from "./capture/bpf.ts"
import CaptureBsm from "./capture/bsm.ts"
import CaptureEs from "./capture/es.ts"
import CaptureFollow from "./capture/follow.ts"
import Convert from "./convert.ts"
import CorpusAdd from "./corpus/add.ts"
import CorpusList from "./corpus/list.ts"
import CorpusUpdate from "./corpus/update.ts"
import CorpusVerify from "./corpus/verify.ts"
import Doctor from "./doctor.ts"
import Ingest from "./ingest.ts"
import Inspect from "./inspect.ts"
import Query from "./query.ts"
import Replay from "./replay.ts"
import Stats from "./stats.ts"

export const COMMANDS = {
  "capture:audit": CaptureAudit,
  "capture:bpf": CaptureBpf,
  "capture:bsm": CaptureBsm,
  "capture:es": CaptureEs,
  "capture:follow": CaptureFollow,
  convert: Convert,
  "corpus:add": CorpusAdd,
  "corpus:list": CorpusList,
  "corpus:update": CorpusUpdate,
  "corpus:verify": CorpusVerify,
  doctor: Doctor,
  ingest: Ingest,
  inspect: Inspect,
  query: Query,
  replay: Replay,
  stats: Stats,
}
