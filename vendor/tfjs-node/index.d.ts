declare const tf: unknown;
export = tf;
