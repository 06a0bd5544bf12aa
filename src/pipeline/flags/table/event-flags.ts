/**
 * Flags of the events framework and of the publishers beside audit.
 * Source of truth: osquery osquery/events/eventsubscriberplugin.cpp, eventfactory.cpp, events.cpp,
 * events/darwin/es_utils.cpp; osquery/events/linux/bpf/bpfeventpublisher.cpp as of 5.23.1.
 */
import { flagGroup } from "../flag-spec.ts"

export const EVENT_FLAGS = flagGroup("events", [
  {
    name: "disable_events",
    description: "No events at all",
    use: "accepted; the command capture is itself the request",
  },
  {
    name: "events_expiry",
    type: "uint64",
    defaultValue: "3600",
    description: "Seconds after which rows that every query has seen are removed",
    use: "honoured, with the minimum that the schedule needs",
  },
  {
    name: "events_max",
    type: "uint64",
    defaultValue: "50000",
    description: "Batches of rows kept for a table; a batch is one second",
    use: "honoured",
  },
  {
    name: "events_optimize",
    defaultValue: "true",
    description: "A scheduled query over event tables sees each row once",
    use: "honoured, with a place kept for each query and table",
  },
  {
    name: "events_enforce_denylist",
    description: "Queries over events may be put on the denylist",
    isHidden: true,
    use: "accepted; there is no denylist, a slow query is warned about",
  },
])

export const BPF_FLAGS = flagGroup("bpf", [
  {
    name: "enable_bpf_events",
    description: "Events from BPF",
    use: "accepted; the command capture is itself the request",
  },
  {
    name: "bpf_perf_event_array_exp",
    type: "uint64",
    defaultValue: "10",
    description: "Size of the perf ring of a CPU, in pages, as a power of two",
    use: "honoured",
  },
  {
    name: "bpf_buffer_storage_size",
    type: "uint64",
    defaultValue: "512",
    description: "Size of the slots that strings are captured in",
    use: "honoured",
  },
])

export const ENDPOINT_SECURITY_FLAGS = flagGroup("endpointsecurity", [
  {
    name: "disable_endpointsecurity",
    defaultValue: "true",
    description: "No events from EndpointSecurity",
    use: "capture es is itself the request; refused there when true",
  },
  {
    name: "disable_endpointsecurity_fim",
    defaultValue: "true",
    description: "No file events from EndpointSecurity",
    use: "decides which events capture es asks for, and which rows are kept",
  },
  {
    name: "es_fim_mute_path_literal",
    type: "string",
    defaultValue: "",
    description: "Programs without file events, apart by commas",
    use: "rows of es_process_file_events are left out; eslogger itself mutes nothing",
  },
  {
    name: "es_fim_mute_path_prefix",
    type: "string",
    defaultValue: "",
    description: "Beginnings of programs' paths without file events, apart by commas",
    use: "rows of es_process_file_events are left out; eslogger itself mutes nothing",
  },
  {
    name: "es_fim_enable_open_events",
    description: "Also events of opened files",
    use: "decides which events capture es asks for",
  },
])
