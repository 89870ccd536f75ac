export default {
  province: '省级',
  city: '市级',
  county: '县级',
}
