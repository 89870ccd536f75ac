export default {
  list: '; ',
}
