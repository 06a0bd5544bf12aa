/**
 * The container that a control group's path names.
 *
 *   /system.slice/docker-0123…ef.scope              docker
 *   /machine.slice/libpod-0123…ef.scope             podman (libpod-conmon- is its monitor, outside the container)
 *   /kubepods.slice/…/cri-containerd-0123…ef.scope  containerd; crio- is CRI-O
 *   /docker/0123…ef, /kubepods/besteffort/pod…/0123…ef   the same under cgroupfs
 *
 * DEVIATION(osquery): containers: osquery's experiment knew podman alone, by a name that ended at the next dot.
 */

export interface Container {
  readonly id: string
  readonly runtime: string
}

const NONE: Container = { id: "", runtime: "" }
const SCOPE = /^(docker|libpod|cri-containerd|crio|containerd|nerdctl)-([0-9a-f]{12,64})(?:\.scope)?$/
const BARE = /^[0-9a-f]{64}$/
const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ["docker", "docker"],
  ["libpod", "podman"],
  ["libpod_parent", "podman"],
  ["cri-containerd", "containerd"],
  ["containerd", "containerd"],
  ["nerdctl", "containerd"],
  ["crio", "cri-o"],
])

/** Both parts are '' for a group that is no container's. */
export function containerOf(cgroup: string): Container {
  const parts = cgroup.split("/")
  for (let at = parts.length - 1; at > 0; at--) {
    const part = parts[at] ?? ""
    const scope = SCOPE.exec(part)
    if (scope !== null) return { id: scope[2] ?? "", runtime: RUNTIMES.get(scope[1] ?? "") ?? "" }
    if (BARE.test(part)) return { id: part, runtime: runtimeAbove(parts, at) }
  }
  return NONE
}

function runtimeAbove(parts: readonly string[], at: number): string {
  for (let above = at - 1; above > 0; above--) {
    const part = parts[above] ?? ""
    const runtime = RUNTIMES.get(part)
    if (runtime !== undefined) return runtime
    if (part.startsWith("kubepods")) return "kubernetes"
  }
  return ""
}
