import { join, resolve } from "node:path";

/** Root folder of the project. */
export const PROJECT = resolve(import.meta.dirname, "../..");

/** What the project keeps on this machine and outside of git. */
export const STATE = join(PROJECT, ".slipway");
