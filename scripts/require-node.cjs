// Loaded before everything else, and old enough in its words for any Node: the libraries of the scripts fail on an old
// one before a message of ours could be printed.
const wanted = require("../package.json").engines.node.replace(">=", "");
const number = (version) => {
  const [major, minor] = version.split(".").map(Number);
  return major * 1000 + minor;
};
if (number(process.versions.node) < number(wanted)) {
  process.stderr.write(
    `\nThis Node.js is too old.\n  got:     ${process.versions.node} at ${process.execPath}\n` +
      `  allowed: ${wanted} or newer\n  fix:     install one from nodejs.org or with nvm, then run npm ci again\n\n`,
  );
  process.exit(1);
}
