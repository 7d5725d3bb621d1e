import { expect } from "vitest";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";

/** Runs what must be refused and returns the refusal. */
export function refused(attempt: () => unknown): InvalidValue {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidValue);
    return error as InvalidValue;
  }
  throw new Error("expected an InvalidValue, but the input was accepted");
}
