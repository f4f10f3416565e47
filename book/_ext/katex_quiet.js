// KaTeX as the build runs it. It has no metrics for the letter ⵟ and says so at each one;
// the page's own font draws the letter, so these lines, and no others, are dropped.
const warn = console.warn;
console.warn = (message, ...rest) => String(message).includes("ⵟ") || warn(message, ...rest);
module.exports = require("katex");
