/** Containers by the paths of their control groups. */
import { expect, it } from "vitest"
import { containerOf } from "../../../../src/normalize/perf/container.ts"

const ID = "0123456789abcdef".repeat(4)

it.each([
  [`/system.slice/docker-${ID}.scope`, "docker"],
  [`/docker/${ID}`, "docker"],
  [`/machine.slice/libpod-${ID}.scope`, "podman"],
  [`/machine.slice/libpod-${ID}.scope/container`, "podman"],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podab_cd.slice/cri-containerd-${ID}.scope`,
    "containerd",
  ],
  [`/kubepods.slice/crio-${ID}.scope`, "cri-o"],
  [`/kubepods/besteffort/pod0a1b2c3d/${ID}`, "kubernetes"],
])("%s", (path, runtime) => {
  expect(containerOf(path)).toEqual({ id: ID, runtime })
})

it.each([
  "",
  "/",
  "/user.slice/user-1000.slice/session-3.scope",
  `/machine.slice/libpod-conmon-${ID}.scope`,
  "/docker/x",
])("none: %s", (path) => {
  expect(containerOf(path)).toEqual({ id: "", runtime: "" })
})
