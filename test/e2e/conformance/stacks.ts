import { synthesize } from "../../../stacks/synthesize.ts";
import { compose } from "./matrix.ts";

synthesize(compose);
