export default {
  fixed: 'Fixed',
  at_most: 'At most',
  subset: 'Subset',
  default: 'Default',
  local: 'Local',
  required: 'required',
  help: {
    fixed: 'The same everywhere; cannot be changed below',
    at_most: 'Below, only a stricter value is allowed',
    subset: 'Below, entries may be dropped, none added',
    default: 'A recommended value that may be changed below',
    local: 'Filled in by each center',
  },
}
