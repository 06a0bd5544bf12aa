/** What stands between the values: odd tokens, absent values, records that are no template with an event's data. */
import { EVENT_NAMESPACE, instance, payload, record, systemElement } from "../event.ts"
import { demoEvent, HOST, timeAt } from "../events.ts"
import { evtxFile } from "../file.ts"
import * as value from "../value.ts"
import { TYPE, type Value } from "../value.ts"
import {
  cdata,
  character,
  element,
  emptyPair,
  entity,
  instruction,
  type Node,
  optional,
  slot,
  text,
} from "../xml-model.ts"
import { type EvtxCase, row } from "./case.ts"

const HOW = "written by test/evtx-writer"

const data = (...content: readonly Node[]) => payload(element("EventData", {}, ...content), [])
const field = (name: string, ...content: readonly (Node | string)[]) =>
  element("Data", { Name: name }, ...content)

const tokens = data(
  field("Cdata", cdata("a < b && c > d")),
  field("Mixed", "one ", cdata("<two>"), " three"),
  field("Character", "x", character(0x41), character(0xe4), "y"),
  field("Entities", entity("lt"), entity("gt"), entity("amp"), entity("quot"), entity("apos")),
  element("Data", { Name: [text("At"), entity("amp"), text("Attribute")] }, "v"),
  instruction("demo", "an instruction"),
  field("Last", "plain"),
)

/** Elements that go or stay when nothing is put in: EventViewer shows no trace of the first two. */
const optionals = payload(
  element(
    "EventData",
    {},
    element("Data", { Name: "Gone" }, optional(0, TYPE.text)),
    element("Binary", {}, optional(0, TYPE.binary)),
    element("Data", { Name: "Kept" }, slot(0, TYPE.text)),
    element("Data", { Name: optional(0, TYPE.text), Other: "x" }, "without a name"),
    element("Data", { Name: "Filled" }, optional(1, TYPE.text)),
  ),
  [value.nothing, value.unicode("yes")],
)

const twoRoots = value.fragmentValue({
  hasHeader: true,
  content: [
    instance(element("EventData", {}, field("First", slot(0, TYPE.text))), [value.unicode("1")]),
    element("RenderingInfo", { Culture: "en-US" }, element("Message", {}, "The second element.")),
  ],
})

const forwarded = record(77n, timeAt(9), [
  element(
    "Event",
    { xmlns: EVENT_NAMESPACE },
    element(
      "System",
      {},
      element("Provider", { Name: "Demo-Provider", Guid: "{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}" }),
      element("EventID", {}, "100"),
      element("Version", {}, "0"),
      element("Level", {}, "4"),
      element("Task", {}, "0"),
      element("Opcode", {}, "0"),
      element("Keywords", {}, "0x4000000000000000"),
      element("TimeCreated", { SystemTime: timeAt(9) }),
      element("EventRecordID", {}, "77"),
      element("Correlation"),
      element("Execution", { ProcessID: "632", ThreadID: "4120" }),
      element("Channel", {}, "Demo/Operational"),
      element("Computer", {}, "db-1.contoso.example"),
      element("Security", { UserID: "S-1-5-18" }),
    ),
    element("EventData", {}, field("Text", "sent from db-1"), field("Empty")),
    element("RenderingInfo", { Culture: "en-US" }, element("Message", {}, "Sent ", entity("amp"), " read")),
  ),
])

/** Everything in one template, as some old providers do it, with a literal that is part of a value. */
const single = record(78n, timeAt(10), [
  instance(
    element(
      "Event",
      { xmlns: EVENT_NAMESPACE },
      systemElement(HOST),
      element("EventData", {}, element("Data", {}, "unnamed "), element("Data", {}, slot(18, TYPE.text))),
    ),
    systemOf(78, value.unicode("also unnamed")),
  ),
])

function systemOf(recordId: number, last: Value): Value[] {
  const [made] = demoEvent({ recordId, second: 10 }).content.content
  if (made?.kind !== "instance") throw new Error("an event is an instance")
  return [...made.values, last]
}

export const TREE_CASES: readonly EvtxCase[] = [
  {
    folder: "windows-10/tokens",
    shows:
      "CDATA, character and entity references and a processing instruction, which Windows hardly ever writes.",
    how: HOW,
    file: evtxFile({ records: [demoEvent({ recordId: 1, second: 1 }, tokens)] }),
    records: 1,
    rows: [row("windows_events", { record_id: 1 })],
  },
  {
    folder: "windows-10/substitutions",
    shows:
      "Values that are absent take their element or attribute along, or leave it empty; no payload at all.",
    how: HOW,
    file: evtxFile({
      records: [
        demoEvent({ recordId: 1, second: 1 }, optionals),
        demoEvent({ recordId: 2, second: 2 }),
        demoEvent({ recordId: 3, second: 3 }, payload(emptyPair("EventData"), [], true)),
        demoEvent({ recordId: 4, second: 4 }, value.fragmentValue({ hasHeader: true, content: [] })),
      ],
    }),
    records: 4,
    rows: [1, 2, 3, 4].map((id) => row("windows_events", { record_id: id })),
  },
  {
    folder: "windows-10/record-shapes",
    shows:
      "A forwarded event, which is a tree without template; all in one template; two elements in one value.",
    how: HOW,
    file: evtxFile({
      records: [
        forwarded,
        single,
        demoEvent({ recordId: 79, second: 11 }, twoRoots),
        demoEvent(
          { recordId: 80, second: 12 },
          value.fragmentValue({
            hasHeader: false,
            content: [element("EventData", {}, field("Bare", "tree"))],
          }),
        ),
      ],
    }),
    records: 4,
    rows: [
      row("windows_events", { computer_name: "db-1.contoso.example", record_id: 77 }),
      row("windows_events", { computer_name: HOST, record_id: 78 }),
      row("windows_events", { record_id: 79 }),
      row("windows_events", { record_id: 80 }),
    ],
  },
]
