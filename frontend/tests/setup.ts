import { beforeEach } from 'vitest'

beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  document.body.innerHTML = '<section id="layers"></section>'
})
