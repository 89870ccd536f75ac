export default {
  province: 'Province',
  city: 'City',
  county: 'County',
}
