/** LabIcon parses the text of an icon: hand it a real one. */
module.exports = {
  process: () => ({ code: 'export default \'<svg xmlns="http://www.w3.org/2000/svg"></svg>\';' })
};
