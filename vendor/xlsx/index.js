// Stands in for `xlsx`, which danfojs-node would fetch from outside the npm registry: mopbench reads and writes no Excel files.
const refuse = () => {
  throw new Error("Excel files are not supported: save the sheet as CSV first.");
};
module.exports = {
  read: refuse,
  readFile: refuse,
  write: refuse,
  writeFile: refuse,
  utils: new Proxy({}, { get: () => refuse }),
};
