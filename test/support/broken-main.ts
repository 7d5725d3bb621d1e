/** What `app` of cdktf.json would start: run as a process of its own by the tests. */
import { synthesize } from "../../stacks/synthesize.ts";
import { Broken } from "./broken.ts";

synthesize((app) => {
  new Broken(app);
});
