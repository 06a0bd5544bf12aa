import { describe, expect, it } from "vitest"
import { EventBorder } from "../../../../src/app/capture/event-border.ts"

function placesOf(messages: readonly (readonly [type: number, serial: number | string])[]): string {
  const border = new EventBorder()
  const places = messages.map(([type, serial]) => {
    const payload = Buffer.from(`--audit(1795299136.884:${serial}): a=b`)
    return border.take(type, payload, 2, payload.length)
  })
  return places.map((place) => (place === "border" ? "|" : place === "between" ? "-" : ".")).join("")
}

describe("borders between events", () => {
  it("lie before the first message and after each EOE", () => {
    const event = (serial: number) => [1300, 1302, 1327, 1320].map((type) => [type, serial] as const)
    expect(placesOf([...event(7), ...event(8)])).toBe("|...|...")
  })

  it("are none where an event stands inside another", () => {
    expect(
      placesOf([
        [1300, 7],
        [1300, 8],
        [1320, 8],
        [1327, 7],
        [1320, 7],
        [1112, 9],
        [1112, 10],
      ]),
    ).toBe("|-.-.||")
  })

  it("come again though an EOE was lost", () => {
    const lost = Array.from({ length: 17 }, (_, serial) => [1300, serial] as const)
    const whole = Array.from({ length: 17 }, (_, at) => [1300, at + 100] as const).flatMap(
      ([type, serial]) =>
        [
          [type, serial],
          [1320, serial],
        ] as const,
    )
    expect(placesOf([...lost.slice(0, 1), ...whole])).toBe(`|${"-.".repeat(17)}`)
    expect(placesOf([...lost, ...lost.map(([, serial]) => [1320, serial] as const), [1112, 99]])).toMatch(
      /\|$/,
    )
  })

  it("need no stamp", () => {
    expect(placesOf([[1112, "x"]])).toBe(".")
  })
})
