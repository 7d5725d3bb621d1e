/**
 * Runs the app that its argument names and then prints, as JSON, the processor time that the whole process took, in
 * seconds: on a busy machine it varies less than the time on the clock.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ processor: (user + system) / 1e6 }));
});
await import(pathToFileURL(resolve(process.argv[2] ?? "")).href);
