// Stands in for the abandoned `request` package: danfojs-node needs it only to read remote files, which mopbench never does.
module.exports = () => {
  throw new Error("Reading remote files through danfojs-node is not supported: download the file first.");
};
