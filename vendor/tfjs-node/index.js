// Stands in for TensorFlow, whose install downloads a binary: danfojs-node touches it only for tensors, scalers and encoders.
class Tensor {}
const known = { Tensor, __esModule: false };
module.exports = new Proxy(known, {
  get(target, key) {
    if (key in target) return target[key];
    if (typeof key === "symbol" || key === "then" || key === "default") return undefined;
    return () => {
      throw new Error(`TensorFlow is not installed: danfojs-node asked for tf.${key}.`);
    };
  },
});
