import { createRequire } from "node:module";
import type * as zod from "zod";

/** zod as one CommonJS package: its hundred ES modules would be the largest single part of a synth (npm run bench). */
export const z: typeof zod = createRequire(import.meta.url)("zod");
